"""Every letter says all it has to, and nothing that a stranger puts into somebody else's letter."""

import email
import re
from email.message import EmailMessage
from email.policy import SMTP
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.utils import urlize

from flux.mail.letters import LETTERS, LINKS, Letter, make_harmless, render_letter

SENDER = "Flux <mail@flux.example>"
RECIPIENT = "mario@trattoria.example"
VALUES = {
    "restaurant_name": "Trattoria Da Mario",
    "link": "https://flux.example/open?a=1&b=2#token=AbC-_9.x~",
    "login_link": "https://flux.example/login",
    "forgot_link": "https://flux.example/forgot",
    "minutes": "30",
    "days": "7",
    "device": "Firefox on Windows",
    "place": "203.0.113.7",
    "at": "23 November 2026, 17:26",
    "inviter": "maria@bistro",
    "role": "manager",
}
SUBJECTS = {
    Letter.CONFIRM_EMAIL: "Confirm your e-mail address for “Trattoria Da Mario”",
    Letter.ALREADY_REGISTERED: "You already have an account for “Trattoria Da Mario”",
    Letter.RESET_PASSWORD: "Set a new password for “Trattoria Da Mario”",
    Letter.PASSWORD_CHANGED: "Your password for “Trattoria Da Mario” was changed",
    Letter.SESSION_ENDED: "We logged out one of your devices from “Trattoria Da Mario”",
    Letter.INVITATION: "You are invited to join “Trattoria Da Mario” on Flux",
}
HOSTILE_NAMES = [
    '<img src=x onerror=alert(1)> & "Sons"</title><script>',
    "Mario\r\nBcc: everybody@evil.example\r\n\r\n<h1>Hello",
    "Mario\nX-Evil: 1\x0b\x85\u2028\u2029\x1e\x00Bcc: y@evil.example",
    "x" * 500,
    "مطعم الشرق 🍕👩‍🍳",
    "\u202ekcuf\u202c \u2066x\u2069 🍕" * 60,
    "Win at http://evil.example",
    "www.evil.example/win or win@evil.example or mailto:win@evil.example",
    r"\\evil.example\share //evil.example http:\\evil.example",
    "evil。example evil\uff0ecom evil\u200b.\u200bexample evil.\u2060com",
    "{{ 7 * 7 }} {restaurant_name} {link} %s {0.__class__}",
    "\ud83c lone",
    "\u200b",
]


def render(letter: Letter, **changes: str) -> EmailMessage:
    """The letter as its recipient's mail program reads it."""
    values = {name: VALUES[name] for name in LETTERS[letter].values} | changes
    sent = render_letter(letter, sender=SENDER, recipient=RECIPIENT, values=values).as_bytes()
    received = email.message_from_bytes(sent, _class=EmailMessage, policy=SMTP)
    assert isinstance(received, EmailMessage)
    return received


def parts(message: EmailMessage) -> tuple[str, str]:
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def without_links(text: str) -> str:
    for name in LINKS:
        text = text.replace(VALUES[name], "")
    return text


@pytest.mark.parametrize("letter", Letter)
def test_a_letter_says_every_value_in_text_and_in_html(letter: Letter) -> None:
    text, html = parts(render(letter))
    for name in LETTERS[letter].values:
        assert VALUES[name] in text, name
        assert VALUES[name] in unescape(html), name
    for part in (text, html):
        assert "Flux helps independent restaurants" in part
        assert not re.search(r"[{}]{2}|{%|Undefined", part)


@pytest.mark.parametrize("letter", Letter)
def test_a_letter_is_addressed_and_marked_as_sent_by_a_machine(letter: Letter) -> None:
    message = render(letter)
    assert message["Subject"] == SUBJECTS[letter]
    assert (message["From"], message["To"]) == (SENDER, RECIPIENT)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime.tzinfo is not None
    assert re.fullmatch(r"<[0-9a-f-]{36}@flux\.example>", message["Message-ID"])
    assert message["Message-ID"] != render(letter)["Message-ID"]
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("letter", Letter)
def test_every_link_stands_alone_in_the_text_and_twice_in_the_html(letter: Letter) -> None:
    text, html = parts(render(letter))
    links = sorted(VALUES[name] for name in LETTERS[letter].values & LINKS)
    assert sorted(line for line in text.splitlines() if "://" in line) == links
    hrefs = sorted(unescape(each) for each in re.findall(r'href="([^"]*)"', html))
    assert hrefs == sorted(links * 2)
    for link in links:
        assert f">{link}</a>" in unescape(html)


@pytest.mark.parametrize("letter", Letter)
def test_the_html_loads_nothing_from_anywhere(letter: Letter) -> None:
    _, html = parts(render(letter))
    assert '<html lang="en">' in html
    assert f"<title>{SUBJECTS[letter]}</title>" in html
    assert "prefers-color-scheme: dark" in html
    assert not re.search(r"<img|<link|<script|@import|url\(|src=", html)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("viewer", "as a viewer. A viewer looks at the figures of the restaurant."),
        ("manager", "as a manager. A manager looks at the figures of the restaurant and sends in"),
        ("owner", "as an owner. An owner looks at the figures of the restaurant, sends in"),
    ],
)
def test_an_invitation_says_what_the_role_may_do(role: str, may: str) -> None:
    text, html = parts(render(Letter.INVITATION, role=role))
    assert may in text
    assert may in " ".join(html.split())


@pytest.mark.parametrize(
    ("letter", "sentences"),
    [
        (
            Letter.CONFIRM_EMAIL,
            [
                "type the password you chose, and you are in.",
                "The link works for 30 minutes.",
                "If you did not register, do nothing: nothing was opened without you.",
            ],
        ),
        (
            Letter.ALREADY_REGISTERED,
            [
                "Somebody, probably you, tried to register with this e-mail address.",
                "If it was not you, nothing has happened and you need do nothing.",
            ],
        ),
        (
            Letter.RESET_PASSWORD,
            [
                "The link works for 30 minutes. Setting a new password logs out every device",
                "If you did not ask for this, do nothing: your password stays as it is.",
            ],
        ),
        (
            Letter.PASSWORD_CHANGED,
            ["all your devices were logged out.", "If it was not you, set a new password at once."],
        ),
        (
            Letter.SESSION_ENDED,
            [
                "was used from two places at once, which can mean that somebody copied it.",
                "If this is your device, log in again to go on.",
                "If you do not recognise the device or the place, set a new password.",
            ],
        ),
        (
            Letter.INVITATION,
            ["The link works for 7 days.", "do nothing: nothing is opened without you."],
        ),
    ],
)
def test_a_letter_says_what_happened_and_what_to_do(letter: Letter, sentences: list[str]) -> None:
    for part in parts(render(letter)):
        for sentence in sentences:
            assert sentence in " ".join(part.split())


@pytest.mark.parametrize("letter", Letter)
def test_a_letter_with_a_hole_is_refused(letter: Letter) -> None:
    whole = {name: VALUES[name] for name in LETTERS[letter].values}
    for name in whole:
        for broken in (
            {key: value for key, value in whole.items() if key != name},
            whole | {name: ""},
            whole | {name: " \n"},
            whole | {"unknown": "x"},
        ):
            with pytest.raises(ValueError, match=r"lacks|empty"):
                render_letter(letter, sender=SENDER, recipient=RECIPIENT, values=broken)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "/open",
        "https://flux.example/a b",
        "https://flux.example/\nBcc: x",
        'https://flux.example/"onclick="x',
        "https://flux.example/<b>",
        "https://flüx.example/",
    ],
)
def test_a_link_that_is_no_web_address_is_refused(link: str) -> None:
    with pytest.raises(ValueError, match="link is not"):
        render(Letter.CONFIRM_EMAIL, link=link)


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(ValueError, match="no such role"):
        render(Letter.INVITATION, role="chef")


@pytest.mark.parametrize(
    "recipient",
    ["", "mario", "a@x.example, b@y.example", "a@x.example\r\nBcc: b@y.example", "mário@x.example"],
)
def test_mail_goes_to_one_reachable_address_or_is_refused(recipient: str) -> None:
    values = {name: VALUES[name] for name in LETTERS[Letter.CONFIRM_EMAIL].values}
    with pytest.raises(ValueError):  # noqa: PT011 (the library's own words)
        render_letter(Letter.CONFIRM_EMAIL, sender=SENDER, recipient=recipient, values=values)


def test_a_domain_with_umlauts_is_reached_by_its_ascii_form() -> None:
    values = {name: VALUES[name] for name in LETTERS[Letter.CONFIRM_EMAIL].values}
    message = render_letter(
        Letter.CONFIRM_EMAIL, sender=SENDER, recipient="mario@küche.example", values=values
    )
    assert message["To"] == "mario@xn--kche-0ra.example"


@pytest.mark.parametrize("letter", Letter)
@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_adds_no_header_no_markup_and_no_link(letter: Letter, name: str) -> None:
    plain, hostile = render(letter), render(letter, restaurant_name=name)
    assert hostile.keys() == plain.keys()
    assert hostile["To"] == RECIPIENT
    assert hostile["Subject"] == LETTERS[letter].subject.format(restaurant_name=make_harmless(name))
    (text, html), (_, plain_html) = parts(hostile), parts(plain)
    assert re.findall(r"<[^>]*>", html) == re.findall(r"<[^>]*>", plain_html)
    for part in (without_links(text), without_links(unescape(re.sub(r"<[^>]*>", " ", html)))):
        assert "evil." not in part
        assert "://" not in part
    assert sorted(re.findall(r'href="([^"]*)"', urlize(text))) == sorted(
        VALUES[each].replace("&", "&amp;") for each in LETTERS[letter].values & LINKS
    )


@pytest.mark.parametrize("name", ["inviter", "device", "place"])
def test_other_words_of_strangers_are_made_harmless_too(name: str) -> None:
    letter = Letter.INVITATION if name == "inviter" else Letter.SESSION_ENDED
    text, html = parts(render(letter, **{name: "<b>win@www.evil.example\r\nBcc: x"}))
    assert "<b>win@www·evil·example Bcc: x" in text
    assert "&lt;b&gt;win@www·evil·example Bcc: x" in html


@pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8::face:1"])
def test_a_place_that_is_a_network_address_can_be_read(address: str) -> None:
    text, html = parts(render(Letter.SESSION_ENDED, place=address))
    assert f"Place: {address}" in text
    assert f">{address}<" in html


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Trattoria Da Mario", "Trattoria Da Mario"),
        ("  Joe's \t Diner \r\n No. 5 ", "Joe's Diner No. 5"),
        ("St. John's, 24:7 / 3.50", "St. John's, 24:7 / 3.50"),
        ("Win at http://evil.example/x?y.", "Win at http: evil·example/x?y."),
        ("www.evil.example", "www·evil·example"),
        ("maria@bistro.example", "maria@bistro·example"),
        ("evil。example", "evil·example"),
        (r"\\evil\share", r"/evil\share"),
        ("10,000.50 at (17:26:05), 3.", "10,000.50 at (17:26:05), 3."),
        ("10.0.0.1", "10·0·0·1"),
        ("10.0.0.1/win", "10·0·0·1/win"),
        ('The “Best” "Bar"', "The 'Best' 'Bar'"),
        ("x" * 121, "x" * 119 + "…"),
        ("x" * 120, "x" * 120),
        ("\u202eevil\u200b", "evil"),
        ("👩‍🍳", "👩‍🍳"),
        ("\u200b\x00", "?"),
    ],
)
def test_what_people_wrote_is_shown_on_one_line_and_without_links(written: str, shown: str) -> None:
    assert make_harmless(written) == shown


@given(st.text(alphabet=st.sampled_from("wxé19.:/\\@ \n-。\u200b\u2060\u202e"), max_size=200))
def test_nothing_people_write_makes_a_link_or_a_second_line(written: str) -> None:
    shown = make_harmless(written)
    assert len(shown.splitlines()) == 1
    assert "href" not in urlize(shown)
    for word in shown.split():
        is_number = re.fullmatch(r"\(?[0-9]+([.,:][0-9]+){,2}[),;]*", word)
        assert is_number or not re.search(r"\S[.。]\S|:\S|//|\\\\", word)
