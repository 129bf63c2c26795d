import Actors
import Foundation

/// The query of `/v1/listen`: what is sent, how it is heard, and the words a tenant's callers use.
package enum DeepgramListenQuery {
    package static func live(
        _ configuration: DeepgramLiveConfiguration,
        profile: TenantProfile,
        sampleRate: Int
    ) -> String {
        var items = [
            ("model", configuration.model), ("encoding", configuration.encoding.rawValue),
            ("sample_rate", "\(sampleRate)"), ("channels", "1"),
            ("language", language(configuration.language, profile: profile)), ("interim_results", "true"),
            ("endpointing", "\(milliseconds(configuration.endpointing))"), ("punctuate", "true"),
        ]
        if configuration.smartFormat { items.append(("smart_format", "true")) }
        if let gap = configuration.utteranceEnd {
            // Outside these bounds the handshake is refused.
            items.append(("utterance_end_ms", "\(min(5000, max(1000, milliseconds(gap))))"))
        }
        items += keyterms(profile, model: configuration.model, limit: configuration.maximumKeyterms)
        return encoded(items)
    }

    static func language(_ language: DeepgramLiveConfiguration.Language, profile: TenantProfile) -> String {
        if case .fixed(let tag) = language { return tag }
        let tongues = Set(([profile.language] + profile.greetings.keys).map { $0.prefix { $0 != "-" }.lowercased() })
        return tongues.count > 1 ? "multi" : profile.language
    }

    /// Names and terms a caller may say that a general model would not expect, the tenant's name first, each once.
    package static func keyterms(_ profile: TenantProfile, model: String, limit: Int) -> [(String, String)] {
        guard model.hasPrefix("nova-3") else { return [] }
        var seen: Set<String> = []
        var terms: [(String, String)] = []
        let words =
            [profile.name] + profile.transfers.keys.sorted()
            + profile.intents.flatMap { $0.keywords + $0.slots.flatMap(\.options) }
        for word in words {
            let term = word.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            guard terms.count < limit, (2...60).contains(term.count), seen.insert(term.lowercased()).inserted else {
                continue
            }
            terms.append(("keyterm", term))
        }
        return terms
    }

    static func encoded(_ items: [(String, String)]) -> String {
        // Unreserved characters only (RFC 3986 section 2.3): a plus or an ampersand in a word stays one.
        let plain = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
        return items.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: plain) ?? "")"
        }.joined(separator: "&")
    }

    private static func milliseconds(_ duration: Duration) -> Int { Int(duration / .milliseconds(1)) }
}
