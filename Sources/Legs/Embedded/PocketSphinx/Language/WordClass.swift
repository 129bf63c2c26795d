/// Words that can stand for one another in a sentence: every weekday is as likely as the next.
enum WordClass {
    /// - Returns: the class's words (repeated ones are that much likelier), or the word itself if it names no class.
    static func members(_ token: String) -> [String] { all[token] ?? [token] }

    private static func list(_ text: String) -> [String] { text.split(whereSeparator: \.isWhitespace).map(String.init) }

    private static let all: [String: [String]] = [
        "DAY": list("monday tuesday wednesday thursday friday saturday sunday"),
        "RELDAY": list("today tomorrow"),
        "MONTH": list(
            "january february march april may june july august september october november december"
        ),
        "ORD": list(
            """
            first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
            fifteenth
            sixteenth seventeenth eighteenth nineteenth twentieth thirtieth
            """
        ),
        "ORDUNIT": list("first second third fourth fifth sixth seventh eighth ninth"),
        "HOUR": list("one two three four five six seven eight nine ten eleven twelve"),
        // The half hour is the likeliest minute anybody names.
        "MINUTE": list("thirty thirty thirty fifteen fifteen ten twenty forty fifty"),
        "TENS": list("twenty thirty forty fifty"),
        "DECADE": list("twenty thirty forty fifty sixty seventy eighty ninety"),
        "TEEN": list("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"),
        "UNIT": list("one two three four five six seven eight nine"),
        "DIGIT": list("zero oh one two three four five six seven eight nine"),
        "AMPM": list("a.m. p.m."),
        "PART": list("morning afternoon evening"),
        "REL": list("next this"),
        "YES": list("yes yes yes yeah yeah yep sure okay correct right absolutely"),
        "NO": list("no no no nope nah"),
        "FIRSTNAME": list(
            """
            james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony
            mark
            steven paul andrew joshua kevin brian george timothy edward jason jeffrey ryan jacob gary nicholas eric
            jonathan
            stephen larry justin scott brandon benjamin samuel gregory alexander patrick frank jack dennis aaron peter
            adam
            henry nathan kyle noah ethan oliver harry simon mary patricia jennifer linda elizabeth barbara susan jessica
            sarah
            karen lisa nancy betty margaret sandra ashley emily donna michelle carol amanda melissa stephanie rebecca
            laura
            helen sharon cynthia kathleen amy angela anna emma olivia sophie chloe alice jane kate julia rachel maria
            claire
            charlotte hannah victoria diana catherine ann
            """
        ),
        "PETNAME": list(
            """
            bella max luna charlie lucy cooper bailey daisy sadie molly buddy lola stella tucker bentley zoe harley
            maggie riley
            bear sophie duke jack toby oliver milo rocky coco rosie ruby chester oscar ginger shadow tiger smokey simba
            pepper
            princess angel lucky teddy felix leo cleo jasper gizmo bandit zeus rex sam lily willow penny gracie hazel
            winston
            """
        ),
        "LASTNAME": list(
            """
            smith johnson williams brown jones garcia miller davis martinez wilson anderson thomas taylor moore jackson
            martin
            lee thompson white harris clark lewis robinson walker young allen king wright scott hill green adams nelson
            baker
            hall campbell mitchell carter roberts turner parker collins edwards stewart morris murphy cook rogers morgan
            peterson cooper reed bailey bell kelly howard ward cox richardson wood watson brooks bennett gray hughes
            price
            """
        ),
    ]
}
