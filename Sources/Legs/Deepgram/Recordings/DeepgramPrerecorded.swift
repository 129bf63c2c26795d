import Actors
import AsyncHTTPClient
import NIOCore

/// How Deepgram transcribes recordings.
public struct DeepgramRecordingConfiguration: Sendable {
    public var baseURL: String
    public var key: String
    public var model: String
    /// Silence that ends a segment, seconds.
    public var segmentGap: Double
    public var maximumKeyterms: Int
    public var maximumBytes: Int
    public var limits: VendorLimits

    public init(
        key: String,
        baseURL: String = "https://api.deepgram.com",
        model: String = "nova-3",
        segmentGap: Double = 0.8,
        maximumKeyterms: Int = 50,
        maximumBytes: Int = 256 << 20,
        limits: VendorLimits = .recording
    ) {
        self.key = key
        self.baseURL = baseURL
        self.model = model
        self.segmentGap = segmentGap
        self.maximumKeyterms = maximumKeyterms
        self.maximumBytes = maximumBytes
        self.limits = limits
    }
}

/// Deepgram's transcription of files (`POST /v1/listen`).
public struct DeepgramPrerecorded: RecordingTranscriber {
    public let provider = DeepgramTranscriber.name
    private let configuration: DeepgramRecordingConfiguration
    private let http: VendorHTTP

    public init(_ configuration: DeepgramRecordingConfiguration, client: HTTPClient) {
        self.configuration = configuration
        http = VendorHTTP(
            leg: .stt,
            provider: DeepgramTranscriber.name,
            baseURL: configuration.baseURL,
            headers: [("Authorization", "Token \(configuration.key)")],
            client: client,
            limits: configuration.limits
        )
    }

    public var maximumBytes: Int { configuration.maximumBytes }

    public func transcribe(_ recording: RecordingAudio) async throws -> RecordingTranscript {
        try http.check(recording, atMost: maximumBytes)
        let answer = try await http.transcribe(
            "/v1/listen?" + DeepgramListenQuery.encoded(query(recording)),
            body: ByteBuffer(bytes: recording.bytes),
            contentType: recording.contentType,
            as: DeepgramFileAnswer.self
        )
        return answer.transcript(provider: provider, channels: recording.channels)
    }

    private func query(_ recording: RecordingAudio) -> [(String, String)] {
        var items = [
            ("model", configuration.model), ("smart_format", "true"), ("punctuate", "true"), ("utterances", "true"),
            ("utt_split", "\(configuration.segmentGap)"),
        ]
        items.append(recording.language.map { ("language", $0) } ?? ("detect_language", "true"))
        // Channels tell the parties apart better than voices do.
        items.append(recording.channels > 1 ? ("multichannel", "true") : ("diarize", "true"))
        if configuration.model.hasPrefix("nova-3") {
            items += recording.terms.prefix(configuration.maximumKeyterms).map { ("keyterm", $0) }
        }
        return items
    }
}

/// The answer; everything in it is optional.
struct DeepgramFileAnswer: Decodable {
    struct Results: Decodable {
        let channels: [Channel]?
        let utterances: [Utterance]?
    }

    struct Channel: Decodable {
        let detectedLanguage: String?
        let alternatives: [Alternative]?
    }

    struct Alternative: Decodable {
        let transcript: String?
        let confidence: Double?
        let words: [DeepgramResults.Word]?
    }

    struct Utterance: Decodable {
        let start: Double
        let end: Double
        let confidence: Double?
        let channel: Int?
        let speaker: Int?
        let transcript: String
        let words: [DeepgramResults.Word]?
    }

    let results: Results

    func transcript(provider: String, channels: Int) -> RecordingTranscript {
        let tongues = results.channels?.map(\.detectedLanguage) ?? []
        let found = results.utterances?.map { utterance in
            RecordingTranscript.Segment(
                text: utterance.transcript,
                start: utterance.start,
                end: utterance.end,
                channel: channels > 1 ? utterance.channel : nil,
                speaker: channels > 1 ? nil : utterance.speaker,
                words: Self.words(utterance.words),
                language: utterance.channel.flatMap { tongues.indices.contains($0) ? tongues[$0] : nil },
                confidence: utterance.confidence
            )
        }
        let segments = (found ?? wholeChannels(of: channels)).filter { !$0.text.isEmpty }.sorted { $0.start < $1.start }
        return RecordingTranscript(segments: segments, language: tongues.compactMap(\.self).first, provider: provider)
    }

    /// Without utterances each channel is one segment.
    private func wholeChannels(of channels: Int) -> [RecordingTranscript.Segment] {
        (results.channels ?? []).enumerated().compactMap { index, channel in
            guard let best = channel.alternatives?.first, let text = best.transcript else { return nil }
            let words = Self.words(best.words)
            return RecordingTranscript.Segment(
                text: text,
                start: words.first?.start ?? 0,
                end: words.last?.end ?? 0,
                channel: channels > 1 ? index : nil,
                words: words,
                language: channel.detectedLanguage,
                confidence: best.confidence
            )
        }
    }

    private static func words(_ words: [DeepgramResults.Word]?) -> [RecordingTranscript.Word] {
        (words ?? []).map {
            .init(text: $0.punctuatedWord ?? $0.word, start: $0.start, end: $0.end, confidence: $0.confidence)
        }
    }
}
