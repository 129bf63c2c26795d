/// What one piece of speech may take, in time, text and audio, before it is given up with a clear error.
public struct VoiceLimits: Sendable, Equatable {
    /// From the request to its first audio, the connection included; default 5 s.
    public var firstAudio: Duration
    /// How far audio, or the end of the piece, may fall behind the playout that its first sample began; default 3 s. Catches
    /// a vendor that stops and one that drips.
    public var stall: Duration
    /// Longest text of one piece, in characters (Unicode scalars, as vendors count).
    public var maximumCharacters: Int
    /// Audio that any text may have; default 10 s. More than this and `audioPerCharacter` together is an endless answer.
    public var audioBase: Duration
    /// Audio that each character adds to the bound; default 800 ms, twelve times an unhurried talker.
    public var audioPerCharacter: Duration
    /// Pieces under way at once, of all calls; default 1 024. More are refused as `busy`.
    public var concurrentPieces: Int

    public init(
        firstAudio: Duration = .seconds(5),
        stall: Duration = .seconds(3),
        maximumCharacters: Int,
        audioBase: Duration = .seconds(10),
        audioPerCharacter: Duration = .milliseconds(800),
        concurrentPieces: Int = 1024
    ) {
        self.firstAudio = firstAudio
        self.stall = stall
        self.maximumCharacters = maximumCharacters
        self.audioBase = audioBase
        self.audioPerCharacter = audioPerCharacter
        self.concurrentPieces = concurrentPieces
    }

    /// Samples that the audio of a text may have.
    package func maximumSamples(characters: Int, rate: Int) -> Int {
        let seconds = audioBase / .seconds(1) + audioPerCharacter / .seconds(1) * Double(characters)
        return Int(min(seconds, 3600) * Double(rate))
    }
}
