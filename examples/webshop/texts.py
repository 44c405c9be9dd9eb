"""
The application's own words: buttons and headings, in both languages.

What is decided, and why, is not among them: `decision.explain(locale)` says it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_BOTH: Final = {
    "colon": (": ", "\N{NO-BREAK SPACE}: "),
    "title": ("Renewals", "Renouvellements"),
    "skip": ("Skip to the content", "Aller au contenu"),
    "demo": ("Demonstration; today is", "Démonstration ; nous sommes le"),
    "language": ("Language", "Langue"),
    "nav": ("Main menu", "Menu principal"),
    "nav-subscriptions": ("Subscriptions", "Abonnements"),
    "nav-cart": ("Cart", "Panier"),
    "nav-order": ("Order look-up", "Suivi de commande"),
    "nav-leave": ("Change person", "Changer de personne"),
    "people": ("Who are you?", "Qui êtes-vous ?"),
    "people-text": (
        "Come in as any of these people. The policy decides what each of them may do.",
        "Entrez sous l’un de ces noms. La politique décide de ce que chacun peut faire.",
    ),
    "enter": ("Continue as", "Continuer en tant que"),
    "role-owner": ("owner", "propriétaire"),
    "role-contract-manager": ("contract manager", "gestion du contrat"),
    "role-purchaser": ("purchaser", "acheteuse"),
    "role-primary-admin": ("primary administrator", "administration principale"),
    "role-secondary-admin": ("secondary administrator", "administration secondaire"),
    "role-payer": ("payer", "paiement"),
    "role-user": ("user", "utilisateur"),
    "order-instead": (
        "Bought without an account? Open your order with its number and password.",
        "Achat sans compte ? Ouvrez votre commande avec son numéro et son mot de passe.",
    ),
    "subscriptions": ("Subscriptions of", "Abonnements de"),
    "product": ("Product", "Produit"),
    "term": ("Term", "Durée"),
    "seats": ("Seats", "Postes"),
    "last-day": ("Last day", "Dernier jour"),
    "answer": ("Renewal", "Renouvellement"),
    "auto-renew": ("Automatic renewal", "Renouvellement automatique"),
    "auto-renew-on": ("on", "activé"),
    "auto-renew-off": ("off", "désactivé"),
    "switch-on": ("Switch automatic renewal on", "Activer le renouvellement automatique"),
    "switch-off": ("Switch automatic renewal off", "Désactiver le renouvellement automatique"),
    "switched": ("Automatic renewal was changed.", "Le renouvellement automatique a été modifié."),
    "charged-on": ("Charged on", "Débité le"),
    "renew-now": ("Renew now", "Renouveler maintenant"),
    "renewed-now": ("The subscription was renewed.", "L’abonnement a été renouvelé."),
    "cancellation": ("Cancellation", "Résiliation"),
    "cancelled-text": (
        "Cancelled: it ends after the last day shown here.",
        "Résilié : l’abonnement prend fin après le dernier jour indiqué ici.",
    ),
    "cancel": ("Cancel at the end of the term", "Résilier à la fin de la période"),
    "cancelled": ("The subscription was cancelled.", "L’abonnement a été résilié."),
    "withdraw": ("Withdraw the cancellation", "Annuler la résiliation"),
    "withdrawn": ("The cancellation was withdrawn.", "La résiliation a été annulée."),
    "options": ("Renewal options", "Options de renouvellement"),
    "see-options": ("Options", "Options"),
    "window": ("Renewal window", "Période de renouvellement"),
    "price": ("Price", "Prix"),
    "add": ("Add the renewal to the cart", "Ajouter le renouvellement au panier"),
    "in-cart": ("This renewal is in the cart.", "Ce renouvellement est dans le panier."),
    "to-cart": ("Go to the cart", "Voir le panier"),
    "cart": ("Cart", "Panier"),
    "cart-empty": ("The cart is empty.", "Le panier est vide."),
    "remove": ("Remove", "Retirer"),
    "purchase": ("Purchase", "Achat"),
    "list-price": ("List price", "Prix public"),
    "saving": ("Saving", "Économie"),
    "total": ("Total before tax", "Total hors taxes"),
    "changed": (
        "Something has changed since these prices were quoted:",
        "Quelque chose a changé depuis que ces prix ont été établis :",
    ),
    "changed-price": ("price", "prix"),
    "changed-edition": ("renewal policy", "politique de renouvellement"),
    "changed-eligibility": ("no longer renewable", "n’est plus renouvelable"),
    "changed-subscription": ("subscription", "abonnement"),
    "refresh": ("Quote everything anew", "Recalculer tous les prix"),
    "order-password": (
        "Password for the order’s page (optional)",
        "Mot de passe pour la page de la commande (facultatif)",
    ),
    "check-out": ("Renew and pay", "Renouveler et payer"),
    "done": ("Thank you: renewed", "Merci : c’est renouvelé"),
    "order": ("Order", "Commande"),
    "renewed": ("now runs through {day}.", "court désormais jusqu’au {day} inclus."),
    "paid": ("Paid", "Payé"),
    "look-up": ("Order look-up", "Suivi de commande"),
    "number": ("Order number", "Numéro de commande"),
    "password": ("Password", "Mot de passe"),
    "forgotten": ("I forgot the password", "J’ai oublié le mot de passe"),
    "open": ("Open the order", "Ouvrir la commande"),
    "close": ("Close the order", "Fermer la commande"),
    "placed": ("placed on", "passée le"),
    "back": ("Back to the subscriptions", "Retour aux abonnements"),
    "not-found": ("There is no such page", "Cette page n’existe pas"),
    "not-found-text": (
        "What you asked for is not here, or not yours.",
        "Ce que vous demandez n’est pas ici, ou n’est pas à vous.",
    ),
    "conflict": ("Somebody else was first", "Quelqu’un d’autre est passé avant"),
    "conflict-text": (
        "This was changed at the same moment. Nothing was done; please look again.",
        "Un changement a eu lieu au même moment. Rien n’a été fait ; veuillez vérifier.",
    ),
    "refused": ("This was not possible", "Ce n’était pas possible"),
    "forged": ("This form is too old", "Ce formulaire est trop ancien"),
    "forged-text": (
        "Nothing was done; please open the page again.",
        "Rien n’a été fait ; veuillez rouvrir la page.",
    ),
    "unpriced": ("There is no full price for this.", "Il n’y a pas de prix complet pour cela."),
}

#: By language, then by name.
TEXTS: Final = MappingProxyType(
    {
        language: MappingProxyType({name: pair[place] for name, pair in _BOTH.items()})
        for place, language in enumerate(("en", "fr"))
    }
)
