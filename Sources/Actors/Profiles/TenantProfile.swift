/// Who answers a tenant's calls, in which language, with which words. Read from `profiles/tenants/*.yaml`.
public struct TenantProfile: Sendable, Equatable {
    /// The file's name without its ending: `oakfield-vets`. Used in logs and metrics.
    public var id: String
    public var name: String
    /// Called numbers (E.164) that reach this tenant; `*` takes every number no other tenant claims.
    public var numbers: [String]
    /// BCP 47.
    public var language: String
    public var voice: String
    /// IANA name; the day and the opening hours are the tenant's, not the server's.
    public var timeZone: String
    public var greeting: String
    public var emergency: Emergency
    public var transfer: Transfer?
    public var intents: [Intent]
    public var fallback: Fallback
    public var silence: Silence
    public var goodbye: String
    public var turnTaking: TurnTaking
    /// Greetings in other languages, by BCP 47 tag; `greeting` is in `language`.
    public var greetings: [String: String] = [:]
    /// nil: always open.
    public var hours: Hours?
    public var menu: Menu?
    public var voicemail: Voicemail?
    /// nil: nothing is said about recording.
    public var consent: Consent?
    /// Numbers a call may be handed to by name, besides `transfer`.
    public var transfers: [String: Transfer] = [:]
    public var limits = Limits()
    public var sound = Sound()
    public var mode = Mode.fullAuto
    /// How words and phrases are said, by how they are written: `Oakfield: Oak field`.
    public var pronunciations: [String: String] = [:]
    public var agent = Agent()
    public var legs = Legs()
    /// Vendors' own names of voices, by provider; `voice` is for the embedded leg and where nothing is said here.
    public var voices: [String: String] = [:]
    public var httpTools: [HTTPToolDeclaration] = []
    public var mcpServers: [MCPServerDeclaration] = []
    public var redaction = RedactionPolicy()

    public init(
        id: String,
        name: String,
        numbers: [String],
        language: String = "en-US",
        voice: String = "slt",
        timeZone: String = "UTC",
        greeting: String,
        emergency: Emergency = .init(),
        transfer: Transfer? = nil,
        intents: [Intent] = [],
        fallback: Fallback = .init(),
        silence: Silence = .init(),
        goodbye: String = "Goodbye.",
        turnTaking: TurnTaking = .init()
    ) {
        self.id = id
        self.name = name
        self.numbers = numbers
        self.language = language
        self.voice = voice
        self.timeZone = timeZone
        self.greeting = greeting
        self.emergency = emergency
        self.transfer = transfer
        self.intents = intents
        self.fallback = fallback
        self.silence = silence
        self.goodbye = goodbye
        self.turnTaking = turnTaking
    }

    public struct Emergency: Sendable, Equatable {
        /// Words and phrases that mean danger, wherever in a call they are said.
        public var words: [String]
        /// What the agent says before it transfers.
        public var say: String
        /// Words in other languages, by BCP 47 tag; `words` are in the tenant's language. All are listened for at once.
        public var wordsByLanguage: [String: [String]] = [:]

        public init(
            words: [String] = [],
            say: String = "I am connecting you to someone right away. Please stay on the line."
        ) {
            self.words = words
            self.say = say
        }
    }

    public struct Transfer: Sendable, Equatable {
        /// E.164.
        public var number: String
        public var say: String
        /// Told to the person before the caller is connected (a warm transfer); nil connects at once.
        public var brief: String?

        public init(number: String, say: String = "One moment, I am putting you through.", brief: String? = nil) {
            self.number = number
            self.say = say
            self.brief = brief
        }
    }

    /// Something callers want, how they say it, what must be asked, and what is answered.
    public struct Intent: Sendable, Equatable {
        public enum Outcome: String, Sendable, Equatable, CaseIterable {
            /// The answer is spoken and the conversation goes on.
            case answer
            /// The answer is spoken, then the caller is transferred.
            case transfer
            /// The answer is spoken, then the call ends.
            case hangUp = "hang_up"
            /// What the agent said last is said again.
            case repeatLast = "repeat"
        }

        public var name: String
        /// The wish as it is named to the caller: "booking an appointment", in "did you mean ..., or ...?".
        /// Empty: the name with spaces for its underscores.
        public var title: String
        /// Whole phrases a caller says; they also teach the embedded recogniser.
        public var phrases: [String]
        /// Single words or short terms that point to this intent.
        public var keywords: [String]
        /// Regular expressions over the lower-case words.
        public var patterns: [String]
        public var slots: [Slot]
        /// Asked before the wish counts; `{slot}` stands for a slot's value. Empty: no confirmation.
        public var confirm: String
        /// The answer; `{slot}` stands for a slot's value.
        public var say: String
        public var outcome: Outcome

        public init(
            name: String,
            title: String = "",
            phrases: [String] = [],
            keywords: [String] = [],
            patterns: [String] = [],
            slots: [Slot] = [],
            confirm: String = "",
            say: String,
            outcome: Outcome = .answer
        ) {
            self.name = name
            self.title = title
            self.phrases = phrases
            self.keywords = keywords
            self.patterns = patterns
            self.slots = slots
            self.confirm = confirm
            self.say = say
            self.outcome = outcome
        }
    }

    /// One thing to learn from the caller.
    public struct Slot: Sendable, Equatable {
        public enum Kind: String, Sendable, Equatable, CaseIterable {
            case dayTime = "day_time"
            case name, digits, choice, number, text
        }

        public var name: String
        public var kind: Kind
        public var ask: String
        /// For `choice`: what can be chosen.
        public var options: [String]
        /// For `number`: the smallest value taken. For `digits`: the fewest digits. Nil: no limit (`digits`: 3).
        public var minimum: Int?
        /// For `number`: the largest value taken. For `digits`: the most digits. Nil: no limit (`digits`: 15).
        public var maximum: Int?

        public init(
            name: String,
            kind: Kind,
            ask: String,
            options: [String] = [],
            minimum: Int? = nil,
            maximum: Int? = nil
        ) {
            self.name = name
            self.kind = kind
            self.ask = ask
            self.options = options
            self.minimum = minimum
            self.maximum = maximum
        }
    }

    public struct Fallback: Sendable, Equatable {
        /// Said one after the other when a turn was not understood.
        public var say: [String]
        /// Turns not understood in a row before the caller is handed to a person.
        public var escalateAfter: Int

        public init(say: [String] = ["Sorry, I did not catch that. Could you say it again?"], escalateAfter: Int = 3) {
            self.say = say
            self.escalateAfter = escalateAfter
        }
    }

    public struct Silence: Sendable, Equatable {
        /// Quiet on both sides before the caller is asked.
        public var afterMilliseconds: Int
        public var say: [String]
        /// Prompts without an answer before the call ends.
        public var hangUpAfter: Int

        public init(afterMilliseconds: Int = 7000, say: [String] = ["Are you still there?"], hangUpAfter: Int = 2) {
            self.afterMilliseconds = afterMilliseconds
            self.say = say
            self.hangUpAfter = hangUpAfter
        }
    }

    /// When the agent may speak, and when it must stop.
    public struct TurnTaking: Sendable, Equatable {
        /// Speech within `bargeInWindow` that stops the agent.
        public var bargeInMilliseconds: Int
        public var bargeInWindowMilliseconds: Int
        /// Speech that lowers the agent's voice first; 0 switches ducking off.
        public var duckMilliseconds: Int
        /// Words of the caller that stop the agent; its voice is only lowered until they are known. 0: sound alone stops it.
        public var bargeInWords = 0
        /// Silence after the detector's own 120 ms hang that ends the caller's turn: 540 ms in all. With it one of 160 pauses of 100
        /// to 500 ms inside labelled sentences was taken for the end; with 520 ms six were, without `longestDoubt` sixteen.
        public var endOfTurnMilliseconds: Int
        /// The same after words that are a whole answer; nil is `endOfTurnMilliseconds`. Shorter answers sooner, and cuts off
        /// more callers who only seemed to have finished.
        public var endOfFinishedTurnMilliseconds: Int?
        /// The same after words that call for more ("I would like to"), 900 ms in all.
        public var endOfUnfinishedTurnMilliseconds = 780
        /// The answer is thought out while the caller may still go on, and thrown away when they do.
        public var speculates = true
        /// Silence, all of it, after which that begins.
        public var pauseMilliseconds = 100
        /// Speech shorter than this is no turn (a click, a breath).
        public var minimumSpeechMilliseconds: Int
        /// The caller cannot interrupt during the greeting's first part.
        public var protectGreetingMilliseconds: Int
        public var maximumTurnSeconds: Int
        public var maximumCallSeconds: Int
        public var maximumTurns: Int
        /// Audio sent ahead of what the caller hears.
        public var leadMilliseconds: Int

        public init(
            bargeInMilliseconds: Int = 180,
            bargeInWindowMilliseconds: Int = 240,
            duckMilliseconds: Int = 100,
            endOfTurnMilliseconds: Int = 420,
            minimumSpeechMilliseconds: Int = 120,
            protectGreetingMilliseconds: Int = 0,
            maximumTurnSeconds: Int = 30,
            maximumCallSeconds: Int = 900,
            maximumTurns: Int = 60,
            leadMilliseconds: Int = 100
        ) {
            self.bargeInMilliseconds = bargeInMilliseconds
            self.bargeInWindowMilliseconds = bargeInWindowMilliseconds
            self.duckMilliseconds = duckMilliseconds
            self.endOfTurnMilliseconds = endOfTurnMilliseconds
            self.minimumSpeechMilliseconds = minimumSpeechMilliseconds
            self.protectGreetingMilliseconds = protectGreetingMilliseconds
            self.maximumTurnSeconds = maximumTurnSeconds
            self.maximumCallSeconds = maximumCallSeconds
            self.maximumTurns = maximumTurns
            self.leadMilliseconds = leadMilliseconds
        }
    }
}
