"""LOC-09: contact data in public text is found, and what only resembles it is not."""

from __future__ import annotations

import pytest

from neighbourly.core.language.contact_data import find_contact_data


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Appelez le 06 12 34 56 78 le soir", "phone_number", "06 12 34 56 78"),
        ("tel 0612345678", "phone_number", "0612345678"),
        ("05.61.22.33.44", "phone_number", "05.61.22.33.44"),
        ("06-12-34-56-78", "phone_number", "06-12-34-56-78"),
        ("06\u202f12\u202f34\u202f56\u202f78", "phone_number", "06\u202f12\u202f34\u202f56\u202f78"),
        ("06/12/34/56/78", "phone_number", "06/12/34/56/78"),
        ("call +44 20 7946 0958", "phone_number", "+44 20 7946 0958"),
        ("Call 0033 6 12 34 56 78", "phone_number", "0033 6 12 34 56 78"),
        ("écrivez à jean.dupont@free.fr", "email_address", "jean.dupont@free.fr"),
        ("jean (at) free.fr", "email_address", "jean (at) free.fr"),
        ("jean arobase free point fr", "email_address", "jean arobase free point fr"),
        ("mail: élodie@société.fr!", "email_address", "élodie@société.fr"),
        ("Au 12 rue des Lois, 2e étage", "street_address", "12 rue des Lois"),
        ("5 bis, avenue Jean Jaurès", "street_address", "5 bis, avenue Jean Jaurès"),
        ("3 Rue du 14 Juillet", "street_address", "3 Rue du 14 Juillet"),
        ("14 place du Capitole", "street_address", "14 place du Capitole"),
        ("27, bd d'Arcole", "street_address", "27, bd d'Arcole"),
        ("8 allées Jules-Guesde", "street_address", "8 allées Jules-Guesde"),
        ("chez moi, 221B Baker Street", "street_address", "221B Baker Street"),
        ("at 10 Downing Street", "street_address", "10 Downing Street"),
    ],
)
def test_contact_data_is_found_where_it_stands(text, kind, found):
    [piece] = find_contact_data(text)
    assert (piece.kind, text[piece.start : piece.end]) == (kind, found)


@pytest.mark.parametrize(
    "text",
    [
        "Perceuse 18 V, 2,0 Ah, 1500 W",
        "Table de 120 x 60 x 75 cm",
        "Libre du 01/12/2026 au 05/12/2026",
        "ISBN 978-2-07-036822-8",
        "2 places de parking",
        "1 cours de guitare par semaine",
        "Je donne 3 cours d'anglais",
        "30 chaises et 4 tables",
        "20 places de cinéma",
        "Vers la rue des Lois",
        "À 10 minutes de la place du Capitole",
        "Samedi à 14 h 30",
        "Le 12 rendez-vous à la mairie",
        "Taille 42, pointure 41",
        "Mélange 50/50",
        "at home, point final",
        "3 Way Switch",
    ],
)
def test_what_only_resembles_it_is_not(text):
    assert find_contact_data(text) == []


def test_several_pieces_come_in_their_order():
    text = "12 rue des Lois, 06 12 34 56 78 ou a@b.fr"
    assert [piece.kind for piece in find_contact_data(text)] == ["street_address", "phone_number", "email_address"]
