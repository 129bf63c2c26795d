/// What people say on every business telephone, whatever the tenant: days and times, numbers, names, yes and no,
/// courtesy.
///
/// Templates, one a line; see `PhraseTemplate` and `WordClass`.
enum Phrasebook {
    static let days = PhraseTemplate.lines(
        """
        [on] DAY [PART]
        REL DAY [PART]
        RELDAY [PART]
        DAY (REL | in the) (week | PART)
        the day after tomorrow
        (REL | this) (week | month)
        in the PART
        [on] [the] ORD [of MONTH]
        [on] [the] twenty ORDUNIT [of MONTH]
        [the] thirty first of MONTH
        MONTH [the] ORD
        MONTH [the] twenty ORDUNIT
        DAY the ORD [of MONTH]
        DAY the twenty ORDUNIT [of MONTH]
        DAY MONTH [the] ORD
        DAY MONTH twenty ORDUNIT
        as soon as possible
        any (time | day)
        """
    )

    static let times = PhraseTemplate.lines(
        """
        [at] HOUR [AMPM]
        [at] HOUR o'clock [AMPM]
        [at] HOUR o'clock in the PART
        [at] HOUR MINUTE [AMPM]
        [at] HOUR TENS UNIT
        [at] HOUR oh UNIT
        [at] half past HOUR
        [at] quarter (past | to) HOUR
        [at] noon
        [at] HOUR in the PART
        (around | about | after | before) HOUR
        """
    )

    /// A day and a time in one answer.
    static let dayTimes: [[String]] =
        days.flatMap { day in times.map { day + $0 } } + times.map { $0 + ["on", "DAY"] }

    static let digits: [[String]] =
        (1...10).map { Array(repeating: "DIGIT", count: $0) }
        + PhraseTemplate.lines(
            """
            DIGIT (double | triple) DIGIT DIGIT DIGIT
            DECADE [UNIT]
            TEEN
            DIGIT hundred
            DIGIT hundred and (DECADE | TEEN | UNIT)
            DIGIT hundred and DECADE UNIT
            (about | around) DECADE [people | guests]
            (my | the) [phone | order] number is DIGIT DIGIT DIGIT DIGIT
            (my | the) [phone | order] number is DIGIT DIGIT DIGIT DIGIT DIGIT DIGIT DIGIT
            (it is | it's) DIGIT DIGIT DIGIT DIGIT DIGIT DIGIT
            """
        )

    /// Whole names; only where one is asked for, because 150 names sound like everything else.
    static let names = PhraseTemplate.lines(
        """
        [my name is | it is | it's | this is | i'm | i am] FIRSTNAME [LASTNAME]
        (the | my last) name is LASTNAME
        (mister | missus | miss) LASTNAME
        FIRSTNAME LASTNAME
        LASTNAME
        PETNAME
        (his | her | its | the dog's | the cat's) name is PETNAME
        [it is | it's | he is | she is | this is] [called] PETNAME
        for PETNAME
        """
    )

    /// Elsewhere a name comes with its announcement.
    static let introductions = PhraseTemplate.lines("my name is FIRSTNAME\nthis is FIRSTNAME")

    static let answers = PhraseTemplate.lines(
        """
        YES [please]
        yes that works [for me]
        [YES] that (is | works | sounds) (right | correct | fine | good | perfect | okay)
        [YES] that's (right | correct | fine | good | perfect | okay | it)
        YES i (do | am | would | can)
        that works [for me]
        (sounds good | perfect | great | of course | please do | go ahead | i think so)
        NO
        NO (thank you | thanks | please)
        NO [that's | that is] (wrong | not right | not correct)
        NO i (do not | don't | am not)
        (not really | i don't think so)
        [that's | that is] (wrong | not right | not correct)
        """
    )

    static let courtesy = PhraseTemplate.lines(
        """
        (i want | i need | i would like | i'd like) to (speak | talk) (to | with) (a | the) (person | human | manager)
        (can | could | may) i (speak | talk) (to | with) (a | the) (person | human | manager)
        (can | could | may) i (speak | talk) (to | with) (someone | the receptionist | an operator | a real person)
        i (want | need | would like) to (speak | talk) (to | with) (someone | somebody | the receptionist)
        let me (speak | talk) to (a person | a human | someone | the receptionist)
        [a] (person | human | operator | receptionist) [please]
        (put me through | transfer me) [please]
        (can | could) you [please] repeat that [please]
        [please] repeat that [please]
        [can you | could you | please | sorry | sorry could you] say that again [please]
        (pardon | sorry | excuse me | what did you say)
        i (did not | didn't) (understand | hear | catch) that
        [okay | thank you | thanks] (goodbye | bye | bye bye)
        [okay] (thank you | thanks) [very much | so much]
        (that is | that's) (all | it)
        nothing else
        (hello | hi | good PART)
        (hold on | one moment | wait | stop | never mind)
        (help | i have a question)
        (i don't know | i am not sure | i'm not sure)
        """
    )

    /// What callers put before a wish (`tails` come after): a tenant's keyword rarely stands alone.
    static let wishes = PhraseTemplate.lines(
        """
        i (want | need)
        i (want | need | would like) (to | a | an)
        i'd like (to | a | an)
        (can | could) i
        (can | could) i (have | get) (a | an)
        do you have [a | an]
        (about | for) [a | the | my]
        (my | the | a)
        (it is | it's) about [the | my]
        what about [the]
        i have a question about [the]
        """
    )

    /// What callers put before a danger.
    static let alarms = PhraseTemplate.lines(
        """
        [my dog | my cat | he | she | it | they] (is | was)
        (he's | she's | it's) [a | an]
        this is [a | an]
        (it is | there is | there's) [a | an]
        (i | we | they) have [a | an]
        (he | she | it) has [a | an]
        """
    )

    static let before = PhraseTemplate.lines("um\nhi\nhello\nyes\nno\nokay\nplease")

    /// When a wish is for.
    static let tails: [[String]] =
        days.map { ["for"] + $0 }
        + PhraseTemplate.lines("[for | on] DAY at HOUR [MINUTE | AMPM]\nfor RELDAY at HOUR\nplease")
}
