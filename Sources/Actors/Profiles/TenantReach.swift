/// How a tenant's calls are taken when the agent alone is not the answer: hours, keypad, voicemail, consent, limits, sounds.
extension TenantProfile {
    /// When the tenant answers, in its own time zone.
    public struct Hours: Sendable, Equatable {
        /// Minutes of the day, `540..<1020` is 9:00 to 17:00; several spans for a lunch break. Index 0 is Monday. A span
        /// over midnight ends above 1440 and belongs to the day on which it begins.
        public var week: [[Range<Int>]]
        /// Days the tenant is closed, `2026-12-25`.
        public var holidays: Set<String>
        /// What the caller is told outside the hours, before `closed.then`.
        public var closedSay: String
        public var closedThen: Way

        public init(week: [[Range<Int>]], holidays: Set<String> = [], closedSay: String, closedThen: Way = .hangUp) {
            self.week = week
            self.holidays = holidays
            self.closedSay = closedSay
            self.closedThen = closedThen
        }
    }

    /// Where a call goes.
    public enum Way: Sendable, Equatable {
        /// The talking agent.
        case agent
        /// The tenant's keypad menu.
        case menu
        case voicemail
        /// The tenant's transfer number, or this one (E.164).
        case transfer(String?)
        case hangUp
    }

    /// A keypad menu: works without any model, over the provider's own verbs or keys heard in the call.
    public struct Menu: Sendable, Equatable {
        public struct Choice: Sendable, Equatable {
            /// Said when the key was pressed; empty says nothing.
            public var say: String
            public var way: Way

            public init(say: String = "", way: Way) {
                self.say = say
                self.way = way
            }
        }
        /// "For appointments press one, ...".
        public var say: String
        /// By key: `0`...`9`, `*`, `#`.
        public var choices: [Character: Choice]
        public var timeoutSeconds: Int
        /// How often the menu is said before `otherwise`.
        public var attempts: Int
        /// Where a caller goes who pressed nothing.
        public var otherwise: Way

        public init(
            say: String,
            choices: [Character: Choice],
            timeoutSeconds: Int = 5,
            attempts: Int = 2,
            otherwise: Way = .transfer(nil)
        ) {
            self.say = say
            self.choices = choices
            self.timeoutSeconds = timeoutSeconds
            self.attempts = attempts
            self.otherwise = otherwise
        }
    }

    public struct Voicemail: Sendable, Equatable {
        public var say: String
        public var maximumSeconds: Int
        /// The provider's own transcription is asked for, where it has one.
        public var isTranscribed: Bool

        public init(say: String, maximumSeconds: Int = 120, isTranscribed: Bool = false) {
            self.say = say
            self.maximumSeconds = maximumSeconds
            self.isTranscribed = isTranscribed
        }
    }

    /// What the caller is told about recording before anything is recorded.
    public struct Consent: Sendable, Equatable {
        public enum Kind: String, Sendable, CaseIterable {
            /// The caller is told; staying on the line agrees.
            case announce
            /// The caller is asked, and nothing is recorded without a yes (said, or key 1).
            case ask
        }
        public var kind: Kind
        public var say: String

        public init(kind: Kind = .announce, say: String) {
            self.kind = kind
            self.say = say
        }
    }

    /// The tenant's share of the engine; nil sets no limit of its own.
    public struct Limits: Sendable, Equatable {
        public var calls: Int?
        /// Webhooks for this tenant per minute.
        public var requestsPerMinute: Int?

        public init(calls: Int? = nil, requestsPerMinute: Int? = nil) {
            self.calls = calls
            self.requestsPerMinute = requestsPerMinute
        }
    }

    /// What the caller hears besides the agent, and whether keys are listened for in the sound.
    public struct Sound: Sendable, Equatable {
        public enum Tones: String, Sendable, CaseIterable {
            /// Where the provider sends no keys of its own.
            case auto
            case always, never
        }
        /// Path of a WAV file, ready to be opened (a profile names it relative to itself); empty plays nothing.
        public var holdMusic: String
        /// Path of a WAV file, like `holdMusic`; played while an answer takes longer than `fillerAfterMilliseconds`. Empty: a few
        /// words are said then.
        public var filler: String
        /// From the caller's last word.
        public var fillerAfterMilliseconds: Int
        /// Faint noise where both sides are silent, so that the line does not seem dead.
        public var hasComfortNoise: Bool
        public var tones: Tones

        public init(
            holdMusic: String = "",
            filler: String = "",
            fillerAfterMilliseconds: Int = 1700,
            hasComfortNoise: Bool = false,
            tones: Tones = .auto
        ) {
            self.holdMusic = holdMusic
            self.filler = filler
            self.fillerAfterMilliseconds = fillerAfterMilliseconds
            self.hasComfortNoise = hasComfortNoise
            self.tones = tones
        }
    }

    /// What the agent may do with a call.
    public enum Mode: String, Sendable, CaseIterable {
        /// The agent answers and completes the caller's wish.
        case fullAuto = "full_auto"
        /// The agent asks what it is about, then hands over.
        case triage
        /// People answer; the engine only files what happened.
        case humanOnly = "human_only"
    }
}
