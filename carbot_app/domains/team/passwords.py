"""Which passwords are accepted (BSI and NIST SP 800-63B: length and no common ones, no forced symbols)."""

from carbot_app.kit.errors import Invalid

MIN_LENGTH = 10
MAX_LENGTH = 256
_MIN_DIFFERENT_CHARACTERS = 4
_COMMON = """
1234567890 0123456789 12345678910 123456789a 123456789q 0987654321 1q2w3e4r5t 1q2w3e4r5t6z 1qaz2wsx3edc
q1w2e3r4t5 qwertzuiop qwertyuiop qwertz1234 qwerty1234 qwertz12345 qwerty12345 qwertzuiopü asdfghjkl1
asdfghjklö yxcvbnm123 zxcvbnm123 password12 password123 password1234 password2025 password2026 passwort12
passwort123 passwort1234 passwort2025 passwort2026 p@ssw0rd123 meinpasswort geheim1234 geheim12345
hallo12345 hallohallo hallowelt1 hallo123456 willkommen willkommen1 willkommen123 welcome123 welcome1234
iloveyou12 ichliebedich schatz1234 schalke04schalke borussia09 borussia1909 fcbayern1900 deutschland
deutschland1 dortmund09 werkstatt1 werkstatt12 werkstatt123 werkstatt1234 autohaus12 autohaus123
mechaniker mechaniker1 mechanic123 volkswagen volkswagen1 mercedes123 mercedesbenz administrator
administrator1 changeme12 changeme123 letmein123 fenerbahce fenerbahce1907 galatasaray galatasaray1905
besiktas1903 haslo12345 polska1234 qazwsxedcr abcdefghij abcdefghijk abcd123456 abc1234567 test123456
testtest12 carbot1234 carbotcarbot
"""
_COMMON_PASSWORDS = frozenset(_COMMON.split())


def check_password(password: str, *, email: str) -> None:
    """Accept the password or say why not.

    Raises:
        Invalid: ``password_short``, ``password_long`` or ``password_common``; field ``password``.
    """
    if len(password) < MIN_LENGTH:
        raise Invalid("password_short", field="password", minimum=MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        raise Invalid("password_long", field="password", limit=MAX_LENGTH)
    plain = password.casefold().strip()
    address = email.casefold()
    guessable = plain in _COMMON_PASSWORDS or plain in {address, address.partition("@")[0]}
    if guessable or len(set(plain)) < _MIN_DIFFERENT_CHARACTERS:
        raise Invalid("password_common", field="password")
