/// What callers say to any agent, whatever the business: understood only when it is all they say.
enum Courtesy: Equatable {
    case goodbye, repeatThat, person, dropIt, wait, hello, thanks, help, identity
    /// Nothing more is wanted: "that is all".
    case thatIsAll

    init?(_ words: [String]) {
        let telling = Self.telling(words)
        guard (1...12).contains(telling.count) else {
            // Nothing but politeness.
            guard words.contains("thank") || words.contains("thanks") else { return nil }
            self = .thanks
            return
        }
        guard let found = Self.table[telling] ?? Self.person(telling) else { return nil }
        self = found
    }

    /// The words without fillers and without "thank you".
    private static func telling(_ words: [String]) -> [String] {
        words.indices
            .filter { index in
                !fillers.contains(words[index]) && !(words[index] == "you" && index > 0 && words[index - 1] == "thank")
            }
            .map { words[$0] }
    }

    private static func person(_ words: [String]) -> Courtesy? {
        let asks = !asking.isDisjoint(with: words)
        let names = !people.isDisjoint(with: words)
        let isShort = words.count == 1 && !["someone", "somebody"].contains(words[0])
        guard names, asks || isShort,
            words.allSatisfy({ people.contains($0) || asking.contains($0) || near.contains($0) })
        else { return nil }
        return .person
    }

    private static let asking: Set<String> = [
        "speak", "talk", "connect", "transfer", "put", "get", "want", "need", "speaking", "give",
    ]
    private static let people: Set<String> = [
        "person", "human", "someone", "somebody", "agent", "representative", "operator", "receptionist", "manager",
        "staff", "people",
    ]
    private static let near: Set<String> = [
        "real", "live", "to", "through", "with", "me", "i", "would", "like", "can", "could", "you", "a", "the",
        "actual",
        "your", "being", "else", "from", "team", "let", "not", "machine", "robot", "instead", "there", "is", "of",
    ]

    /// Left out before looking up; a phrase in the table has none of them.
    private static let fillers: Set<String> = [
        "um", "uh", "erm", "er", "hmm", "oh", "ah", "well", "please", "thank", "thanks", "very", "much", "so", "and",
        "then",
        "okay", "just", "now", "actually", "again", "a", "the", "ma'am", "sir",
    ]

    private static let table: [[String]: Courtesy] = {
        var table: [[String]: Courtesy] = [:]
        for (courtesy, phrases) in phrases {
            for phrase in phrases {
                let words = telling(phrase.split(separator: " ").map(String.init))
                if !words.isEmpty { table[words] = courtesy }
            }
        }
        return table
    }()

    private static let phrases: [(Courtesy, [String])] = [
        (
            .goodbye,
            [
                "goodbye", "bye", "bye bye", "good bye", "see you", "see you later", "see you soon",
                "talk to you later",
                "have a nice day", "have a good day", "have a great day", "you too bye", "i have to go", "hang up",
                "good night", "take care", "you have a nice day", "that is all goodbye", "that is all bye",
                "no goodbye", "no bye", "goodbye goodbye", "that is it bye", "you too goodbye",
            ]
        ),
        (
            .repeatThat,
            [
                "repeat", "repeat that", "can you repeat that", "can you repeat", "could you repeat that",
                "could you repeat",
                "repeat it", "can you repeat it", "can you repeat that for me", "say that", "say it",
                "can you say that", "could you say that", "say that one more time",
                "can you say that one more time", "once more", "one more time", "pardon", "pardon me",
                "i beg your pardon",
                "excuse me", "sorry", "sorry what", "what", "what did you say", "what was that", "sorry what was that",
                "sorry what did you say",
                "come", "i did not hear you", "i did not hear that", "i did not catch that", "i did not get that",
                "i did not understand", "i do not understand", "i can not hear you", "would you repeat that",
                "would you mind repeating that",
                "i missed that", "what was the question", "repeat the question",
            ]
        ),
        (
            .dropIt,
            [
                "never mind", "forget it", "forget about it", "forget that", "cancel", "cancel that", "cancel it",
                "cancel this", "stop",
                "leave it", "start over", "let us start over", "scratch that", "i changed my mind",
                "i have changed my mind",
                "go back", "no cancel that", "no never mind", "no forget it", "drop it", "nevermind", "stop it",
                "stop that",
                "do not bother",
            ]
        ),
        (
            .wait,
            [
                "wait", "hold on", "hang on", "one moment", "one second", "moment", "second", "wait a moment",
                "wait a second", "wait a minute",
                "one minute", "minute", "give me a moment", "give me a second", "give me a minute", "let me check",
                "let me see", "let me think",
                "let me look", "hold on a second", "hang on a second", "hold on a moment", "let me check my calendar",
                "bear with me",
                "let me get my calendar", "hold on let me check",
            ]
        ),
        (
            .hello,
            [
                "hello", "hi", "hey", "hello there", "hi there", "good morning", "good afternoon", "good evening",
                "hello hello",
                "are you there", "hello are you there", "can you hear me", "hello can you hear me", "is anybody there",
                "anyone there",
                "is someone there", "hi good morning", "hello good morning",
            ]
        ),
        (
            .thanks,
            [
                "that is great", "that is very kind", "great", "perfect", "that is kind of you", "appreciate it",
                "i appreciate it", "for your help", "for the help", "for that",
            ]
        ),
        (
            .thatIsAll,
            [
                "that is all", "that is it", "that will be all", "that would be all", "nothing", "nothing else",
                "no that is all", "no that is it",
                "i am good", "i am fine", "i am done", "i am all set", "all good", "that is everything", "no i am good",
                "no i am fine", "no that will be all", "no nothing else", "no nothing", "no that is everything",
                "that was all", "no that was all", "no i am all set", "not today", "not right", "all set",
            ]
        ),
        (
            .help,
            [
                "help", "help me", "what can you do", "what can i say", "what are my options",
                "what can you help me with",
                "what can you help with", "what are the options", "options", "menu options", "what do you offer",
                "how does this work",
                "can you help me", "i need help", "i need some help", "i have a question", "what can i ask",
                "what can i do here",
            ]
        ),
        (
            .identity,
            [
                "who are you", "are you a robot", "are you a machine", "are you a computer", "are you a real person",
                "are you human",
                "are you a human", "am i talking to a robot", "am i talking to a machine", "am i talking to a computer",
                "am i speaking to a machine", "am i speaking to a robot", "is this a robot", "is this a machine",
                "is this a real person",
                "who am i talking to", "who am i speaking to", "who is this", "are you real", "are you an ai",
                "is this an ai",
                "am i talking to a real person", "is this a recording", "who am i speaking with",
            ]
        ),
    ]
}
