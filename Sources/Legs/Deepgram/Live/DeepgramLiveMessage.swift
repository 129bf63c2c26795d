import Foundation

/// What Deepgram says on a live socket. Unknown kinds and fields are tolerated, as the vendor asks.
package enum DeepgramLiveMessage: Equatable {
    case results(DeepgramResults)
    /// Seconds from the connection's start to the end of the last word, where told.
    case utteranceEnd(lastWordEnd: Double?)
    case error(variant: String?)
    case other

    private struct Kind: Decodable {
        let type: String?
        let lastWordEnd: Double?
        let variant: String?
    }

    /// - Throws: what is no JSON object, or a `Results` without its words' place.
    package init(_ text: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let data = Data(text.utf8)
        let kind = try decoder.decode(Kind.self, from: data)
        self =
            switch kind.type {
            case "Results": .results(try decoder.decode(DeepgramResults.self, from: data))
            case "UtteranceEnd": .utteranceEnd(lastWordEnd: kind.lastWordEnd)
            case "Error": .error(variant: kind.variant)
            default: .other
            }
    }

    static let keepAlive = #"{"type":"KeepAlive"}"#
    static let finalize = #"{"type":"Finalize"}"#
    static let closeStream = #"{"type":"CloseStream"}"#
}

/// One stretch of audio and the words in it, so far or for good. Times are seconds from the connection's start.
package struct DeepgramResults: Decodable, Equatable {
    package struct Channel: Decodable, Equatable {
        let alternatives: [Alternative]?
    }

    package struct Alternative: Decodable, Equatable {
        let transcript: String?
        let confidence: Double?
        let languages: [String]?
        let words: [Word]?
    }

    package struct Word: Decodable, Equatable {
        let word: String
        let start: Double
        let end: Double
        let confidence: Double?
        let punctuatedWord: String?
    }

    let start: Double
    let duration: Double
    let isFinal: Bool?
    let speechFinal: Bool?
    let fromFinalize: Bool?
    let channel: Channel?

    var best: Alternative? { channel?.alternatives?.first }
}
