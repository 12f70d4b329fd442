"""The words that say nothing of what a text is about, in French and English, folded."""

_FRENCH = """
a ai aie ait alors apres as au aucun aucune aupres aussi autre autres aux avant avec avez avoir avons c ca ce ceci
cela celle celles celui ces cet cette ceux chaque chez ci comme d dans de deja depuis des deux donc dont du elle
elles en encore entre es est et etait etes etre eu eux faire fais fait grand grande grandes grands ici il ils j je
jusqu l la le les leur leurs lors lui m ma mais me meme memes mes moi moins mon n ne ni nos notre nous on ont ou
par parce pas pendant petit petite petites petits peu plus plusieurs pour pourquoi pres puis qu quand que quel
quelle quelles quels qui quoi s sa sans se sera ses si soi soit son sont sous sur t ta te tes toi ton tous tout
toute toutes tres trop tu un une vers vos votre vous y
"""

# "car", "four", "main", "pain", "chat" and the like are things in one of the two languages: they are no stop words.
_ENGLISH = """
about after all also am an and another are at be been before big but by did do does doing each few for from had has
have he her here hers him his how i if in into is it its just large little more most my nor not of off or other our
out over own re s she small so some such t than that the their them then there these they this those through to too
until up very was we were what when where which while who whom why with would you your
"""

# How people ask, which tells that they ask, not for what: "j'ai besoin de", "qui aurait", "does anyone have".
_ASKING = """
aide aider aiderait aidez aimerais aimerait any anybody anyone aurais aurait auriez available avance besoin bonjour
bonsoir borrow borrowing can cherche chercher cherchons could devons dispo disponible disponibles dois doit donne donner
donnerait
emprunte emprunter faudrait hello help helping hi lend lending loan looking merci need needed needs offer offering
peut peux please pourrait pourriez pret prete preter preterait pretez prets propose proposer quelqu quelque
quelques quelquun recherche rechercher recherchons salut searching somebody someone souhaite souhaiterais stp svp
thank thanks urgent urgente urgently veux voudrais voudrait voulons want wanted wish
"""

# When it is needed, which the times of the need say, and says nothing of what.
_WHEN = """
aujourd day days demain dimanche end evening friday heure heures hour hours hui jeudi jour jours lundi mardi matin
mercredi midi monday month morning mois night samedi saturday semaine soir sunday thursday today tomorrow tonight
tuesday vendredi wednesday week weekend
"""

WHEN_WORDS = frozenset(_WHEN.split())
STOP_WORDS = frozenset(f"{_FRENCH} {_ENGLISH} {_ASKING}".split())
