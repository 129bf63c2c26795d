import Actors
import AsyncHTTPClient
import Foundation
import NIOCore

/// How OpenAI, or a server that speaks its interface, transcribes recordings.
public struct WhisperConfiguration: Sendable {
    /// With its version: `https://api.openai.com/v1`.
    public var baseURL: String
    /// Empty: none is sent; local servers need none.
    public var key: String
    /// The vendor ends models by announced dates, so it is a setting.
    public var model: String
    /// `verbose_json` with times; false for models that take `json` alone and give one segment.
    public var hasTimes: Bool
    /// What the vendor takes is 25 MB.
    public var maximumBytes: Int
    /// Above this, and with an average log probability below -1, a segment is silence.
    public var silenceAbove: Double
    public var limits: VendorLimits

    public init(
        key: String,
        baseURL: String = "https://api.openai.com/v1",
        model: String = "whisper-1",
        hasTimes: Bool = true,
        maximumBytes: Int = 25_000_000,
        silenceAbove: Double = 0.6,
        limits: VendorLimits = .recording
    ) {
        self.key = key
        self.baseURL = baseURL
        self.model = model
        self.hasTimes = hasTimes
        self.maximumBytes = maximumBytes
        self.silenceAbove = silenceAbove
        self.limits = limits
    }
}

/// OpenAI's transcription of files (`POST /audio/transcriptions`). Channels are heard mixed.
public struct WhisperTranscription: RecordingTranscriber {
    public let provider = "openai"
    private let configuration: WhisperConfiguration
    private let http: VendorHTTP

    public init(_ configuration: WhisperConfiguration, client: HTTPClient) {
        self.configuration = configuration
        http = VendorHTTP(
            leg: .stt,
            provider: provider,
            baseURL: configuration.baseURL,
            headers: configuration.key.isEmpty ? [] : [("Authorization", "Bearer \(configuration.key)")],
            client: client,
            limits: configuration.limits
        )
    }

    public var maximumBytes: Int { configuration.maximumBytes }

    public func transcribe(_ recording: RecordingAudio) async throws -> RecordingTranscript {
        try http.check(recording, atMost: maximumBytes)
        guard let name = MultipartForm.fileName(for: recording.contentType) else {
            throw http.failure.refused("the recording's type is none of flac, mp3, mp4, ogg, wav and webm")
        }
        var form = MultipartForm()
        form.add(name: "model", value: configuration.model)
        form.add(name: "response_format", value: configuration.hasTimes ? "verbose_json" : "json")
        if configuration.hasTimes {
            form.add(name: "timestamp_granularities[]", value: "word")
            form.add(name: "timestamp_granularities[]", value: "segment")
        }
        if let language = recording.language { form.add(name: "language", value: Self.shortTag(language)) }
        if !recording.terms.isEmpty { form.add(name: "prompt", value: recording.terms.joined(separator: ", ")) }
        form.add(file: name, contentType: recording.contentType, bytes: recording.bytes)
        let answer = try await http.transcribe(
            "/audio/transcriptions",
            body: form.finished,
            contentType: form.contentType,
            as: WhisperAnswer.self
        )
        return answer.transcript(provider: provider, silenceAbove: configuration.silenceAbove)
    }

    /// ISO 639-1, all that is taken.
    private static func shortTag(_ language: String) -> String { language.prefix { $0 != "-" }.lowercased() }
}

/// `verbose_json`, or `json`, of which only the text is there.
struct WhisperAnswer: Decodable {
    struct Segment: Decodable {
        let start: Double
        let end: Double
        let text: String
        let avgLogprob: Double?
        let noSpeechProb: Double?
    }

    struct Word: Decodable {
        let word: String
        let start: Double
        let end: Double
    }

    let text: String
    let language: String?
    let duration: Double?
    let segments: [Segment]?
    let words: [Word]?

    func transcript(provider: String, silenceAbove: Double) -> RecordingTranscript {
        let tag = language.flatMap(LanguageName.tag)
        let heard =
            (segments ?? [Segment(start: 0, end: duration ?? 0, text: text, avgLogprob: nil, noSpeechProb: nil)])
            .filter { !(($0.noSpeechProb ?? 0) > silenceAbove && ($0.avgLogprob ?? 0) < -1) }
        let segments = heard.map { segment in
            RecordingTranscript.Segment(
                text: segment.text.trimmingCharacters(in: .whitespacesAndNewlines),
                start: segment.start,
                end: segment.end,
                words: (words ?? []).filter {
                    let middle = ($0.start + $0.end) / 2
                    return middle >= segment.start && middle < segment.end
                }.map { .init(text: $0.word, start: $0.start, end: $0.end) },
                language: tag,
                confidence: segment.avgLogprob.map { min(1, exp($0)) }
            )
        }
        return RecordingTranscript(segments: segments.filter { !$0.text.isEmpty }, language: tag, provider: provider)
    }
}

/// Whisper names languages in English: `english`.
enum LanguageName {
    private static let tags: [String: String] = {
        let english = Locale(identifier: "en_US")
        let codes = Locale.LanguageCode.isoLanguageCodes.map(\.identifier).filter { $0.count == 2 }
        let named = codes.compactMap { code in
            english.localizedString(forLanguageCode: code).map { ($0.lowercased(), code) }
        }
        return Dictionary(named) { first, _ in first }
    }()

    /// Also for a name that is a tag already; nil for one that nobody knows.
    static func tag(_ name: String) -> String? {
        let name = name.lowercased()
        return tags[name] ?? (name.utf8.count == 2 && tags.values.contains(name) ? name : nil)
    }
}
