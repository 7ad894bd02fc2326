"""What people write in the demo, by language and service; the names in braces are filled in."""

# ruff: noqa: E501 - a sentence a line reads best

ASK = {
    "SAF-BRK-002": {
        "de": "Hallo, meine Bremsen quietschen, {car}, Kennzeichen {plate}. Was kostet das und wann haben Sie Zeit?",
        "en": "Hi, my brakes are squealing, {car}, {plate}. How much would that be and when could you do it?",
        "tr": "Merhaba, frenler ötüyor, {car}, plaka {plate}. Ne kadar tutar, ne zaman müsaitsiniz?",
        "pl": "Dzień dobry, piszczą hamulce, {car}, {plate}. Ile to kosztuje i kiedy jest wolny termin?",
    },
    "SAF-HUA-001": {
        "de": "Guten Tag, TÜV ist fällig bei meinem {car}. Was kostet HU mit AU und geht das diese Woche noch?",
        "en": "Hello, my {car} needs its TÜV. What does it cost and is there anything this week?",
        "tr": "İyi günler, {car} için TÜV zamanı geldi. Ücreti ne kadar?",
        "pl": "Dzień dobry, kończy mi się przegląd TÜV, {car}. Jaka jest cena?",
    },
    "TYR-CHG-001": {
        "de": "Ich brauche einen Termin für den Räderwechsel, {car}, {plate}. Räder bringe ich mit.",
        "en": "I need my winter wheels fitted, {car}. The wheels are in my garage.",
        "tr": "Kışlık lastik değişimi için randevu almak istiyorum, {car}.",
        "pl": "Potrzebuję wymiany kół na zimowe, {car}, {plate}.",
    },
    "ENG-OIL-001": {
        "de": "Was kostet ein Ölwechsel beim {car}?",
        "en": "How much is an oil change for a {car}?",
        "tr": "{car} için yağ değişimi ne kadar?",
        "pl": "Ile kosztuje wymiana oleju, {car}?",
    },
    "ENG-INS-002": {
        "de": "Mein {car} zeigt Inspektion an. Können Sie das nach Herstellervorgabe machen, mit Stempel?",
        "en": "My {car} says service due. Do you stamp the service book?",
        "tr": "{car} bakım uyarısı veriyor. Servis defterine işliyor musunuz?",
        "pl": "W {car} wyskoczył przegląd. Robicie wpis do książki serwisowej?",
    },
    "CLI-SRV-001": {
        "de": "Die Klimaanlage kühlt nicht mehr richtig, {car}. Was könnte das sein?",
        "en": "The air conditioning in my {car} is not cold any more.",
        "tr": "{car} klima soğutmuyor.",
        "pl": "Klimatyzacja w {car} słabo chłodzi.",
    },
    "ENG-DIA-001": {
        "de": "Gelbe Motorleuchte an, fährt aber normal. {car}, {plate}. Muss ich sofort kommen?",
        "en": "Yellow engine light is on, car drives fine. {car}. Is it urgent?",
        "tr": "Sarı motor lambası yandı, araba normal gidiyor. {car}",
        "pl": "Świeci się żółta kontrolka silnika, auto jedzie normalnie. {car}",
    },
    "ELE-BAT-002": {
        "de": "Auto springt morgens schlecht an, vermutlich Batterie. {car}. Was kostet eine neue mit Einbau?",
        "en": "Car struggles to start in the morning, {car}. Price for a new battery fitted?",
        "tr": "Sabahları zor çalışıyor, {car}. Akü değişimi ne kadar?",
        "pl": "Rano ciężko odpala, {car}. Ile kosztuje nowy akumulator z montażem?",
    },
}

ANSWER = {
    "de": "Guten Tag. {service} kostet bei uns für Ihren {car} **{price}**, inklusive MwSt. Der nächste freie Termin ist {slot}. Passt Ihnen das?",
    "en": "Hello. {service} for your {car} costs **{price}** including VAT. The next free time is {slot}. Would that suit you?",
    "tr": "Merhaba. {car} için {service} ücreti KDV dahil **{price}**. En yakın boş saat {slot}. Sizin için uygun mu?",
    "pl": "Dzień dobry. {service} dla {car} kosztuje **{price}** z VAT. Najbliższy wolny termin to {slot}. Czy pasuje?",
}
ACCEPT = {
    "de": ("Ja, das passt gut.", "Perfekt, nehme ich.", "Passt, danke.", "Ja gerne. Kann ich warten?"),
    "en": ("Yes, that works.", "Great, I'll take it.", "Perfect, thank you."),
    "tr": ("Evet, uygun.", "Tamam, olur.", "Harika, alıyorum."),
    "pl": ("Tak, pasuje.", "Świetnie, biorę.", "Dobrze, dziękuję."),
}
CONFIRM = {
    "de": "Ihr Termin ist eingetragen: {slot}. Sie können ihn bis zum Beginn über den Link verschieben oder absagen.",
    "en": "Your appointment is in our calendar: {slot}. You can move or cancel it with the link until it starts.",
    "tr": "Randevunuz kaydedildi: {slot}. Başlayana kadar bağlantıdan değiştirebilir veya iptal edebilirsiniz.",
    "pl": "Wizyta zapisana: {slot}. Do jej rozpoczęcia można ją przełożyć lub odwołać przez link.",
}
DECLINE = {
    "de": (
        "Danke, ich überlege es mir.",
        "Das ist mir gerade zu teuer, melde mich.",
        "Okay, ich schaue noch mal.",
    ),
    "en": ("Thanks, I'll think about it.", "A bit much right now, I'll get back to you."),
    "tr": ("Teşekkürler, düşüneceğim.", "Şu an biraz pahalı, haber veririm."),
    "pl": ("Dziękuję, zastanowię się.", "Teraz trochę za drogo, odezwę się."),
}
STAFF = {
    "de": "Guten Tag, hier ist Jana Krüger von der Annahme. Ich habe nachgesehen: Das bekommen wir hin. Rufen Sie gern kurz an.",
    "en": "Hello, this is Jana Krüger from the front desk. I have checked and we can do that. Feel free to call.",
    "tr": "Merhaba, ben kabulden Jana Krüger. Kontrol ettim, hallederiz. Dilerseniz arayın.",
    "pl": "Dzień dobry, tu Jana Krüger z recepcji. Sprawdziłam, damy radę. Proszę śmiało dzwonić.",
}
