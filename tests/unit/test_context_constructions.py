"""Agreements, meetings, incidents and so on in the idiom of agencies, on many conflicts."""

from __future__ import annotations

from functools import cache

import pytest

from accord.article import parse_article
from accord.claim import Claim
from accord.extraction import extract
from accord.vocabulary import load_vocabulary

#: What stands behind each sentence, so that it is read as part of a report on a conflict.
_REST = "\n\nA truce with rebels was expected."

#: A sentence, the type of a claim in it, and some of the actors of that claim.
CASES: list[tuple[str, str, tuple[str, ...]]] = [
    # -- Agreement
    (
        "Sudan's army and the Rapid Support Forces signed a seven-day ceasefire in Jeddah.",
        "Agreement",
        ("Sudanese Armed Forces", "Rapid Support Forces"),
    ),
    (
        "South Sudan's President Salva Kiir and rebel leader Riek Machar have struck a deal "
        "to share power after the war.",
        "Agreement",
        ("South Sudan",),
    ),
    (
        "The Colombian government and the ELN rebels agreed on a six-month truce.",
        "Agreement",
        ("Colombia", "National Liberation Army (Colombia)"),
    ),
    (
        "Armenia and Azerbaijan agreed to a ceasefire on Monday after weeks of war.",
        "Agreement",
        ("Armenia", "Azerbaijan"),
    ),
    (
        "A ceasefire between Israel and Hamas went into effect on Sunday morning.",
        "Agreement",
        ("Israel", "Hamas"),
    ),
    (
        "Ethiopia's government has reached a peace agreement with Tigrayan forces, the "
        "African Union said.",
        "Agreement",
        ("Ethiopia",),
    ),
    (
        "A peace deal was signed between the Taliban and the United States in Doha in "
        "February 2020.",
        "Agreement",
        ("Taliban", "United States"),
    ),
    ("The rebels tore up the ceasefire and attacked the town.", "Agreement", ("rebels",)),
    (
        "Eritrea and Ethiopia have ended their state of war and signed a peace treaty.",
        "Agreement",
        ("Eritrea", "Ethiopia"),
    ),
    (
        "Russia suspended its participation in the Black Sea grain deal after the attack.",
        "Agreement",
        ("Russia",),
    ),
    (
        "Israel and Hezbollah have accepted a US proposal for a ceasefire.",
        "Agreement",
        ("Israel", "Hezbollah"),
    ),
    (
        "Qatar brokered a truce between Israel and Hamas in November.",
        "Agreement",
        ("Israel", "Hamas"),
    ),
    (
        "The government signed a memorandum of understanding with the Oromo rebels on disarmament.",
        "Agreement",
        (),
    ),
    (
        "Libya's rival factions have agreed a permanent ceasefire, the United Nations said.",
        "Agreement",
        ("Libya's rival factions",),
    ),
    (
        "The junta and the three ethnic armed groups agreed to a ceasefire after talks "
        "mediated by China.",
        "Agreement",
        (),
    ),
    (
        "The warring parties in Yemen have agreed to extend the truce, UN envoy Hans "
        "Grundberg said.",
        "Agreement",
        (),
    ),
    (
        "A new ceasefire was agreed by Kyiv and Moscow on Wednesday to stop the shelling of "
        "Donetsk.",
        "Agreement",
        ("Ukraine", "Russia"),
    ),
    (
        "Israel and Lebanon extended the ceasefire deal until February 18, the White House said.",
        "Agreement",
        ("Israel", "Lebanon"),
    ),
    ("The ceasefire collapsed when rebels shelled the airport.", "Agreement", ()),
    ("Congo and M23 rebels signed a declaration of principles in Doha.", "Agreement", ()),
    (
        "The Sudan Liberation Movement joined the Juba peace agreement last week.",
        "Agreement",
        ("Sudan Liberation Movement",),
    ),
    (
        "Azerbaijan, Armenia and Russia signed a trilateral statement ending the war in "
        "Nagorno-Karabakh.",
        "Agreement",
        ("Azerbaijan", "Armenia", "Russia"),
    ),
    (
        "Chad's military government signed a peace accord with more than 40 rebel groups in "
        "Doha on Monday.",
        "Agreement",
        ("Chad",),
    ),
    (
        "The Moro Islamic Liberation Front and Manila concluded a comprehensive peace pact "
        "in 2014.",
        "Agreement",
        ("Moro Islamic Liberation Front", "Philippines"),
    ),
    ("The truce has been renewed for another two months by both sides.", "Agreement", ()),
    (
        "Under the Minsk agreements, signed by Ukraine, Russia and the separatists in 2015, "
        "heavy weapons were to be withdrawn.",
        "Agreement",
        ("Ukraine", "Russia"),
    ),
    (
        "Senegal and Casamance rebels sign new peace deal in Bissau",
        "Agreement",
        ("Senegal", "Casamance rebels"),
    ),
    ("Yemen truce renewed for two months", "Agreement", ()),
    (
        "The agreement that Sudan's army and the Rapid Support Forces signed in Geneva has failed.",
        "Agreement",
        ("Sudanese Armed Forces", "Rapid Support Forces"),
    ),
    # -- Meeting
    (
        "Sudan's army walked out of talks in Jeddah with the Rapid Support Forces, soldiers said.",
        "Meeting",
        (),
    ),
    ("Houthi negotiators boycotted peace talks in Geneva as the bombing went on.", "Meeting", ()),
    (
        "UN envoy Martin Griffiths met Houthi leaders in Sanaa on Monday to discuss a "
        "ceasefire in Hodeidah.",
        "Meeting",
        (),
    ),
    (
        "The next round of talks between the government and ELN guerrillas will be held in Mexico.",
        "Meeting",
        (),
    ),
    (
        "Delegations from Armenia and Azerbaijan met in Brussels on Friday to negotiate a truce.",
        "Meeting",
        ("Armenia", "Azerbaijan"),
    ),
    (
        "Russian Foreign Minister Sergei Lavrov spoke by phone with his Turkish counterpart "
        "about the ceasefire.",
        "Meeting",
        ("Russia",),
    ),
    (
        "Taliban representatives and US officials began a new round of talks in Doha to end "
        "the war.",
        "Meeting",
        ("Taliban", "United States"),
    ),
    ("Hamas sent a delegation to Cairo for talks on a truce in Gaza.", "Meeting", ("Hamas",)),
    ("President Kiir hosted rebel leader Machar in Juba for peace talks.", "Meeting", ()),
    (
        "The Minsk contact group convened on Wednesday, with separatists taking part by video.",
        "Meeting",
        (),
    ),
    (
        "Rebels refused to take part in the negotiations with the military government.",
        "Meeting",
        ("rebels",),
    ),
    ("Colombia suspended peace talks with ELN rebels after the attack.", "Meeting", ("Colombia",)),
    ("Talks between the army and the rebels broke down on Thursday.", "Meeting", ()),
    (
        "The two sides held indirect talks mediated by Oman about a prisoner swap and a ceasefire.",
        "Meeting",
        (),
    ),
    (
        "Putin and Erdogan discussed the truce in a telephone call on Tuesday.",
        "Meeting",
        ("Russia", "Turkey"),
    ),
    (
        "Israel's defence minister flew to Washington to meet his US counterpart after the "
        "Hezbollah rocket attacks.",
        "Meeting",
        ("Israel",),
    ),
    (
        "Negotiators from Ukraine and the separatist republics gathered in Minsk to discuss "
        "the withdrawal of troops.",
        "Meeting",
        ("Ukraine",),
    ),
    (
        "The Libyan military commission, made up of five officers from each side, met in "
        "Sirte on Monday to discuss the withdrawal of foreign fighters.",
        "Meeting",
        (),
    ),
    (
        "The Security Council is to hold an emergency meeting on Gaza after the air strikes.",
        "Meeting",
        (),
    ),
    (
        "A summit of East African leaders on the fighting in eastern Congo was held in Nairobi.",
        "Meeting",
        (),
    ),
    (
        "The rebels said they would attend the talks in Luanda with the Congolese army.",
        "Meeting",
        (),
    ),
    (
        "Myanmar's military chief Min Aung Hlaing met with leaders of ethnic armed groups "
        "in Naypyitaw.",
        "Meeting",
        (),
    ),
    ("A rebel delegation arrived in Addis Ababa for talks with the government.", "Meeting", ()),
    (
        "Ethiopian officials sat down with Tigrayan rebels for the first time in Pretoria.",
        "Meeting",
        ("Ethiopia",),
    ),
    ("Talks between Uganda and LRA rebels resumed in Juba.", "Meeting", ("Uganda", "LRA")),
    # -- Incident
    ("Azerbaijani forces shelled villages in Armenia overnight.", "Incident", ("Azerbaijan",)),
    (
        "At least 12 people were killed in an Israeli air strike on a refugee camp in Gaza.",
        "Incident",
        ("Israel",),
    ),
    (
        "A Saudi-led coalition air strike hit a school bus in Saada, killing dozens of children.",
        "Incident",
        ("Saudi-led coalition",),
    ),
    ("Two soldiers died in clashes with separatists near Donetsk.", "Incident", ()),
    ("Hezbollah fired rockets at northern Israel on Monday.", "Incident", ("Hezbollah",)),
    ("The town came under heavy mortar fire from rebel positions.", "Incident", ()),
    ("A suicide bomber blew himself up at a checkpoint, killing six soldiers.", "Incident", ()),
    ("Gunmen opened fire on a convoy of UN peacekeepers in Mali.", "Incident", ("gunmen",)),
    (
        "Drones struck the airport in Erbil, and a militia claimed responsibility for the attack.",
        "Incident",
        (),
    ),
    ("The war has killed more than 150,000 people and displaced millions.", "Incident", ()),
    (
        "Ukraine accused the rebels of firing 40 mortar rounds at its positions.",
        "Incident",
        ("rebels",),
    ),
    ("The army bombed rebel-held villages in Sagaing with fighter jets.", "Incident", ()),
    ("Tigrayan fighters clashed with federal troops around Kobo.", "Incident", ()),
    ("Houthi missiles hit an oil facility in Jeddah.", "Incident", ("Houthi movement",)),
    ("Three Palestinians were shot dead by Israeli troops in Jenin.", "Incident", ("Israel",)),
    ("Militants ambushed an army patrol in Marib, wounding four.", "Incident", ("militants",)),
    (
        "Heavy shelling was heard in the suburbs of Tripoli as the militias traded fire.",
        "Incident",
        (),
    ),
    ("Landmines have killed at least 30 farmers since the ceasefire.", "Incident", ()),
    ("The fighting has driven 1.4 million people from their homes.", "Incident", ()),
    ("A car bomb exploded outside the police headquarters in Cali.", "Incident", ()),
    ("M23 rebels looted the hospital and abducted two nurses.", "Incident", ()),
    ("The rebels downed a military helicopter.", "Incident", ("rebels",)),
    ("Air raids by the Myanmar military left 25 villagers dead.", "Incident", ("Myanmar",)),
    ("Several mortar shells landed in the village, injuring a child.", "Incident", ()),
    ("Unidentified gunmen assassinated a rebel commander in Aden.", "Incident", ()),
    ("Taliban fighters overran an army base, killing 20 soldiers.", "Incident", ("Taliban",)),
    ("The army retaliated with artillery fire.", "Incident", ()),
    ("There was no let-up in the bombardment of Taiz.", "Incident", ()),
    (
        "ELN guerrillas kidnapped the father of a footballer.",
        "Incident",
        ("National Liberation Army (Colombia)",),
    ),
    (
        "Turkish and Syrian troops clashed on Monday.",
        "Incident",
        ("Turkish Armed Forces", "Syrian Arab Army"),
    ),
    (
        "Fighters loyal to Salif Sadio attacked a village.",
        "Incident",
        ("Fighters loyal to Salif Sadio",),
    ),
    ("Armed men killed four soldiers near the border.", "Incident", ("Armed men",)),
    # -- Threat
    (
        "Washington warned that it could impose sanctions on generals who block the ceasefire.",
        "Threat",
        ("United States",),
    ),
    (
        "The rebels threatened to march on the capital if the government does not withdraw "
        "its troops.",
        "Threat",
        ("rebels",),
    ),
    (
        "Hezbollah vowed to avenge the killing of its commander in an air strike.",
        "Threat",
        ("Hezbollah",),
    ),
    ("Israel warned it would strike Beirut if the rocket fire continued.", "Threat", ("Israel",)),
    ("The Houthis threatened to attack ships in the Red Sea.", "Threat", ("Houthi movement",)),
    (
        "Azerbaijan's president said his army would use force if Armenian troops did not "
        "leave Karabakh.",
        "Threat",
        ("Azerbaijan",),
    ),
    (
        '"We will respond with an iron fist to any attack," the general said after the '
        "shelling of the base.",
        "Threat",
        (),
    ),
    ("Iran has promised a harsh response to the assassination.", "Threat", ("Iran",)),
    (
        "Russia said it would retaliate against any missile attack on its troops.",
        "Threat",
        ("Russia",),
    ),
    (
        "The African Union threatened sanctions against both sides in South Sudan's war.",
        "Threat",
        ("African Union",),
    ),
    (
        '"If they violate the truce, we will crush them," Erdogan said of the militants.',
        "Threat",
        ("Turkey",),
    ),
    ("The junta said it would not hesitate to use force against the insurgents.", "Threat", ()),
    (
        "Ankara has threatened a new offensive against Kurdish militants in northern Syria.",
        "Threat",
        ("Turkey",),
    ),
    (
        "The group threatened that it would resume attacks unless the siege was lifted.",
        "Threat",
        (),
    ),
    ("The militia warned of war if the deal was not implemented.", "Threat", ("militia",)),
    (
        "Trump threatened to obliterate Turkey's economy if it attacked Kurdish fighters.",
        "Threat",
        ("United States",),
    ),
    # -- Deployment
    ("Ethiopian troops crossed into Somalia on Tuesday.", "Deployment", ("Ethiopia",)),
    (
        "Turkey sent hundreds of Syrian fighters to Libya to back the Tripoli government.",
        "Deployment",
        ("Turkey",),
    ),
    (
        "Israel will withdraw its troops from southern Lebanon within 60 days.",
        "Deployment",
        ("Israel",),
    ),
    (
        "Rebels pulled back heavy weapons from the front line near Donetsk.",
        "Deployment",
        ("rebels",),
    ),
    (
        "Russian peacekeepers have been stationed in Nagorno-Karabakh since November 2020.",
        "Deployment",
        ("Russia",),
    ),
    (
        "The UN deployed 20 monitors to Hodeidah to observe the truce.",
        "Deployment",
        ("United Nations",),
    ),
    (
        "Mercenaries from the Wagner Group are stationed at the Jufra air base in Libya.",
        "Deployment",
        ("Wagner Group",),
    ),
    (
        "Eritrean soldiers remained in Tigray months after the peace deal.",
        "Deployment",
        ("Eritrea",),
    ),
    ("Government forces advanced towards the rebel stronghold of Marib.", "Deployment", ()),
    ("Uganda has about 5,000 troops in Somalia.", "Deployment", ("Uganda",)),
    ("The army moved tanks to the border with Rwanda.", "Deployment", ()),
    ("Fighters withdrew from the ports of Hodeidah and Saleef.", "Deployment", ()),
    (
        "Turkish and Russian forces patrol the highway near Saraqib.",
        "Deployment",
        ("Turkey", "Russia"),
    ),
    ("M23 fighters left the town of Kibumba in December.", "Deployment", ()),
    (
        "French soldiers left Mali in 2022, and Russian mercenaries took their place.",
        "Deployment",
        ("France",),
    ),
    ("Tanks rolled into Khartoum at dawn.", "Deployment", ()),
    ("Iran has moved missiles and drones to its militias in Iraq.", "Deployment", ("Iran",)),
    ("NATO reinforced its mission in Kosovo with 700 soldiers.", "Deployment", ("NATO",)),
    (
        "Azerbaijan massed troops along the border before the offensive.",
        "Deployment",
        ("Azerbaijan",),
    ),
    ("The withdrawal of Saudi troops from Yemen began last week.", "Deployment", ("Saudi Arabia",)),
    ("The presence of foreign fighters in Libya threatens the truce.", "Deployment", ()),
    (
        "Israeli troops are in the Philadelphi corridor along the border of Gaza with Egypt.",
        "Deployment",
        ("Israel",),
    ),
    ("The army set up checkpoints around the besieged city.", "Deployment", ()),
    (
        "The peacekeepers quit the camp earlier than planned after the attack.",
        "Deployment",
        ("peacekeepers",),
    ),
    # -- Control
    ("The Houthis control Sanaa and much of northern Yemen.", "Control", ("Houthi movement",)),
    (
        "The Rapid Support Forces seized the airport in Khartoum.",
        "Control",
        ("Rapid Support Forces",),
    ),
    ("Azerbaijan recaptured the town of Shusha from Armenian forces.", "Control", ("Azerbaijan",)),
    ("Russia annexed Crimea in 2014.", "Control", ("Russia",)),
    ("The rebel-held city of Goma has been without power for weeks.", "Control", ("rebels",)),
    ("M23 rebels captured Goma in January.", "Control", ("M23",)),
    ("The town fell to the Taliban in August.", "Control", ("Taliban",)),
    ("Rebels overran four army bases near the border.", "Control", ("rebels",)),
    ("Haftar's forces have lost ground around Tripoli.", "Control", ()),
    ("Separatists hold parts of the Donetsk and Luhansk regions.", "Control", ("separatists",)),
    ("Israel has occupied the Golan Heights since 1967.", "Control", ("Israel",)),
    ("The army regained control of the port of Hodeidah.", "Control", ()),
    ("Fighters of the Arakan Army took over the town of Paletwa.", "Control", ("Arakan Army",)),
    ("Taiz has been besieged by the Houthis for seven years.", "Control", ("Houthi movement",)),
    ("The militia has entrenched itself in the hills above the city.", "Control", ("militia",)),
    ("The junta has lost control of most of Rakhine state to the Arakan Army.", "Control", ()),
    ("FARC dissidents dominate the area along the border with Venezuela.", "Control", ()),
    ("Gangs control 80 percent of Port-au-Prince.", "Control", ("gangs",)),
    (
        "Russian-occupied territory in southern Ukraine was shelled overnight.",
        "Control",
        ("Russia",),
    ),
    ("Tigray forces took back Mekelle in June 2021.", "Control", ()),
    (
        "The strategic town changed hands several times during the war between the army and "
        "the rebels.",
        "Control",
        (),
    ),
    ("The rebels' capture of the city in December was a blow to the army.", "Control", ("rebels",)),
    ("Kurdish-led forces control about a quarter of the country.", "Control", ()),
    ("General Burhan controls much of the city.", "Control", ()),
    ("The army found the police posts the rebels overran last year.", "Control", ("rebels",)),
    # -- Alignment
    (
        "Turkey, which supports the Tripoli government, sent troops to Libya.",
        "Alignment",
        ("Turkey",),
    ),
    ("Rwanda denies backing the M23 rebels.", "Alignment", ("Rwanda",)),
    (
        "Saudi Arabia leads a military coalition against the Iran-aligned Houthis.",
        "Alignment",
        ("Saudi Arabia",),
    ),
    ("The Iran-backed Houthi rebels fired a missile.", "Alignment", ("Iran",)),
    ("Hezbollah, an ally of Iran, joined the war.", "Alignment", ("Hezbollah",)),
    ("Fighters loyal to General Haftar attacked Tripoli.", "Alignment", ()),
    ("The faction split from the FARC in 2016 and rejected the peace deal.", "Alignment", ()),
    ("Eritrea sided with the federal army in the war in Tigray.", "Alignment", ("Eritrea",)),
    ("The United States supplies Israel with weapons.", "Alignment", ("United States",)),
    ("The group has pledged allegiance to Islamic State.", "Alignment", ()),
    (
        "The UAE has been accused of arming the Rapid Support Forces.",
        "Alignment",
        ("United Arab Emirates",),
    ),
    (
        "The Arakan Army is part of the Three Brotherhood Alliance, which launched the offensive.",
        "Alignment",
        ("Arakan Army",),
    ),
    (
        "The Fano militia fought alongside federal troops against Tigrayan forces.",
        "Alignment",
        ("Fano",),
    ),
    (
        "Saudi Arabia leads the coalition that has been bombing Yemen.",
        "Alignment",
        ("Saudi Arabia",),
    ),
    ("Iran provides the militia with drones and missiles.", "Alignment", ("Iran",)),
    ("The Janjaweed militia was armed by Khartoum.", "Alignment", ("Sudan",)),
    ("Hamas, which is backed by Iran, fired rockets.", "Alignment", ("Iran",)),
    (
        "Several commanders defected from the SPLM-IO to join government forces in South Sudan.",
        "Alignment",
        (),
    ),
    (
        "Washington has thrown its weight behind the Kurdish-led Syrian Democratic Forces.",
        "Alignment",
        ("United States",),
    ),
    ("Russia is Armenia's main military ally.", "Alignment", ("Russia",)),
    (
        "Malaysian-trained insurgents and their allies in Manila oppose the deal with the rebels.",
        "Alignment",
        (),
    ),
    ("The rebels have the support of Uganda, UN experts say.", "Alignment", ("Uganda",)),
    (
        "The militia, part of the Popular Mobilisation Forces, attacked the US base.",
        "Alignment",
        (),
    ),
]

#: Sentences that say nothing of the kind.
NONE: list[tuple[str, str]] = [
    ("The EU and Turkey signed a deal on steel exports after rebels left the border.", "Incident"),
    ("The minister was attacked by the opposition over the cost of fuel.", "Deployment"),
    ("Aid agencies warned that the harvest could fail if it did not rain.", "Threat"),
    ("The two ministers discussed trade and tourism.", "Control"),
    ("The free movement of aid was a condition of the truce.", "Meeting"),
]


@cache
def _claims() -> dict[str, list[Claim]]:
    """Return the claims of all sentences, each read as an article of its own."""
    texts = [case[0] for case in (*CASES, *NONE)]
    articles = [parse_article(text + _REST, f"case {i}") for i, text in enumerate(texts)]
    found = {}
    for text, (_, claims) in zip(texts, extract(articles), strict=True):
        found[text] = [claim for claim in claims if claim.start < len(text)]
    return found


@cache
def _sides() -> dict[str, str]:
    """Return the side behind each name, case folded."""
    vocabulary = load_vocabulary()
    table: dict[str, str] = {}
    for entity in vocabulary.entities.values():
        for name in (*entity.aliases, entity.label):
            table[name.casefold()] = vocabulary.side(entity).label.casefold()
    return table


def _side(name: str) -> str:
    return _sides().get(name.casefold(), name.casefold())


@pytest.mark.parametrize(("text", "kind", "actors"), CASES)
def test_context_claim_is_found(text: str, kind: str, actors: tuple[str, ...]) -> None:
    claims = [claim for claim in _claims()[text] if claim.type == kind]
    wanted = {_side(actor) for actor in actors}
    assert any(wanted <= {_side(actor) for actor in claim.actor} for claim in claims), _claims()[
        text
    ]


@pytest.mark.parametrize(("text", "kind"), NONE)
def test_what_is_said_of_something_else_is_no_claim(text: str, kind: str) -> None:
    assert not [claim for claim in _claims()[text] if claim.type == kind]
