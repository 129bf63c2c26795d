import Actors

/// The range of every tunable, and the sizes a profile may have. `profiles/README.md` lists them for people.
enum ProfileLimits {
    static let maximumFileBytes = 64 * 1024
    /// About 30 s of speech; nobody listens longer to a machine.
    static let maximumSpokenCharacters = 500
    static let maximumPhraseCharacters = 120
    static let maximumListItems = 200
    static let maximumIntents = 64
    static let maximumSlots = 8
    static let maximumInstructions = 4000
    static let maximumFacts = 100
    static let answerWords = 5...300
    static let triageTurns = 1...20
    static let maximumTools = 32
    static let maximumServers = 8
    /// Milliseconds.
    static let toolTimeout = 100...30_000
    /// Alias marks in the raw text above which the file is not even composed.
    static let maximumAliasMarks = 16

    static let escalateAfter = 1...10
    static let hangUpAfter = 1...10
    static let slotNumber = 0...1_000_000
    /// E.164 has 15 digits at most, payment cards 19.
    static let slotDigits = 1...20

    // Milliseconds.
    static let silenceAfter = 2_000...60_000
    static let bargeIn = 20...2_000
    static let pause = 40...500
    static let bargeInWords = 0...10
    static let bargeInWindow = 20...2500
    static let duck = 0...1_000
    static let endOfTurn = 100...3_000
    static let minimumSpeech = 20...1_000
    static let protectGreeting = 0...10_000
    static let lead = 20...500
    static let maximumTurn = 1_000...300_000
    static let maximumCall = 10_000...14_400_000

    static let maximumTurns = 1...1_000

    // How calls are taken.
    static let maximumLanguages = 20
    static let maximumTransfers = 50
    static let maximumSpansPerDay = 8
    /// A span over midnight that lasts longer is a day's span written the wrong way round.
    static let maximumNightMinutes = 720
    static let menuAttempts = 1...5
    static let callLimit = 1...100_000
    static let requestsPerMinute = 1...1_000_000
    // Milliseconds.
    static let menuTimeout = 1_000...30_000
    static let voicemail = 10_000...600_000
    static let fillerAfter = 500...10_000
    /// Recordings are held in memory as 8 kHz linear PCM: 10 minutes are 9.6 MB.
    static let holdMusicSeconds = SoundLibrary.limits.maximumSeconds
    /// A filler plays once, while an answer is late.
    static let fillerSeconds = 10
    static let maximumSoundBytes = SoundLibrary.limits.maximumBytes
}
