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
    "renew-now": ("Renew and pay now", "Renouveler et payer maintenant"),
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
    "before-tax": ("{amount} before tax", "{amount} hors taxes"),
    "list-price": ("List price before tax", "Prix public hors taxes"),
    "saving": ("Saving before tax", "Économie hors taxes"),
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
    "invoiced": ("Invoiced", "Facturé"),
    "invoiced-text": (
        "Nothing has been charged. You will receive an invoice.",
        "Rien n’a été débité. Vous recevrez une facture.",
    ),
    "pay-with": ("How to pay", "Mode de paiement"),
    "another-card": ("Another card", "Une autre carte"),
    "enter-card": ("Enter another card", "Saisir une autre carte"),
    "no-card-on-file": (
        "No card that can be charged is on file. Enter one to pay.",
        "Aucune carte pouvant être débitée n’est enregistrée. Saisissez-en une pour payer.",
    ),
    "card-ending": (
        "Card ending in {digits}, valid through {day}",
        "Carte se terminant par {digits}, valable jusqu’au {day} inclus",
    ),
    "kind-card": ("Card", "Carte"),
    "kind-paypal": ("PayPal", "PayPal"),
    "kind-direct-debit": ("Direct debit", "Prélèvement"),
    "kind-alipay": ("Alipay", "Alipay"),
    "kind-konbini": ("Konbini", "Konbini"),
    "kind-wire-transfer": ("Bank transfer", "Virement bancaire"),
    "kind-atm-transfer": ("ATM transfer", "Virement au distributeur"),
    "kind-invoice": ("Invoice", "Facture"),
    "card-number": ("Card number", "Numéro de carte"),
    "card-expires": (
        "Valid through (year and month, such as 2028-04)",
        "Valable jusqu’à (année et mois, par exemple 2028-04)",
    ),
    "card-hint": (
        (
            "Demonstration: never enter a real card. 4242 4242 4242 4242 pays; 4000 0000 0000 0002"
            " and 4000 0000 0000 9995 are declined."
        ),
        (
            "Démonstration : ne saisissez jamais une vraie carte. 4242 4242 4242 4242 paie ;"
            " 4000 0000 0000 0002 et 4000 0000 0000 9995 sont refusées."
        ),
    ),
    "card-invalid": ("This card cannot be used", "Cette carte ne peut pas être utilisée"),
    "card-invalid-text": (
        (
            "Nothing was charged. Check the card’s number and the month through which it is valid,"
            " or choose another way to pay."
        ),
        (
            "Rien n’a été débité. Vérifiez le numéro de la carte et son mois de validité, ou"
            " choisissez un autre mode de paiement."
        ),
    ),
    "price-changed": ("The price has changed", "Le prix a changé"),
    "price-changed-text": (
        "Nothing was charged. Open the page again to see the new price.",
        "Rien n’a été débité. Rouvrez la page pour voir le nouveau prix.",
    ),
    "payment": ("Payment method", "Mode de paiement"),
    "nothing-on-file": ("No payment method is on file.", "Aucun mode de paiement enregistré."),
    "update-card": ("Save this card", "Enregistrer cette carte"),
    "card-changed": ("The card was saved.", "La carte a été enregistrée."),
    "unpaid-charge": ("The payment failed", "Le paiement a échoué"),
    "unpaid-invoice": ("An invoice is unpaid", "Une facture est impayée"),
    "amount-due": ("Amount due", "Montant dû"),
    "pay-another-text": (
        "Enter another card: it is charged now, and kept for the next renewals.",
        (
            "Saisissez une autre carte : elle est débitée maintenant, et conservée pour les"
            " prochains renouvellements."
        ),
    ),
    "pay-another": ("Pay with this card", "Payer avec cette carte"),
    "paid-and-renewed": (
        "Your payment was received, and the subscription was renewed.",
        "Votre paiement a été reçu et l’abonnement a été renouvelé.",
    ),
    "settle": ("Pay the invoice", "Payer la facture"),
    "settled": ("The invoice was paid.", "La facture a été payée."),
    "declined": ("The payment was declined", "Le paiement a été refusé"),
    "reason-refused": (
        "The card’s bank did not accept the payment.",
        "La banque de la carte n’a pas accepté le paiement.",
    ),
    "reason-insufficient-funds": (
        "There is not enough money available on the card.",
        "La carte ne dispose pas de fonds suffisants.",
    ),
    "reason-no-card": (
        "The payment service does not know this card.",
        "Le service de paiement ne connaît pas cette carte.",
    ),
    "reason-given-back": (
        "An earlier payment for this was refunded.",
        "Un paiement précédent a été remboursé.",
    ),
    "declined-amount": ("Payment attempted", "Paiement tenté"),
    "declined-nothing": (
        "Nothing was charged, and nothing was renewed.",
        "Rien n’a été débité, et rien n’a été renouvelé.",
    ),
    "declined-next": (
        "The next attempt is on {day}.",
        "La prochaine tentative aura lieu le {day}.",
    ),
    "declined-last": (
        "There will be no other attempt.",
        "Il n’y aura pas d’autre tentative.",
    ),
    "what-next": ("What you can do", "Ce que vous pouvez faire"),
    "next-other": ("Try again with another card.", "Réessayez avec une autre carte."),
    "next-bank": (
        "Ask your bank why it declined the payment, then try again.",
        "Demandez à votre banque pourquoi elle a refusé le paiement, puis réessayez.",
    ),
    "try-again": ("Go back and pay another way", "Revenir et payer autrement"),
    "night": ("The nightly run", "Le traitement de nuit"),
    "night-link": (
        "Behind the counter: start the nightly run",
        "Côté boutique : lancer le traitement de nuit",
    ),
    "night-text": (
        "A timer would start it. It charges and renews whatever renews automatically and is due.",
        (
            "Un minuteur le lancerait. Il débite et renouvelle ce qui se renouvelle automatiquement"
            " et arrive à échéance."
        ),
    ),
    "night-run": ("Run it now", "Lancer maintenant"),
    "night-report": ("What it did", "Ce qu’il a fait"),
    "night-paid": ("{key}: {amount} paid, and renewed.", "{key} : {amount} payés, et renouvelé."),
    "night-invoiced": ("{id}: renewed on invoice.", "{id} : renouvelé sur facture."),
    "night-declined": ("{id}: {amount} declined.", "{id} : {amount}, paiement refusé."),
    "night-refund": ("{id}: {amount} refunded.", "{id} : {amount} remboursés."),
    "night-failed": ("{id}: failed; see the log.", "{id} : échec ; voir le journal."),
    "night-nothing": ("Nothing was due.", "Rien n’était à échéance."),
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
