import Actors

/// Which of a vendor's voices speaks: tenants name voices, and vendors have their own names for theirs.
public struct VoiceChoice: Sendable, Equatable {
    /// Where nothing else fits.
    public var fallback: String
    /// A tenant's name for a voice, and the vendor's.
    public var byName: [String: String]
    /// The primary language subtag in lower case (`es`), and the vendor's voice for it.
    public var byLanguage: [String: String]

    public init(fallback: String, byName: [String: String] = [:], byLanguage: [String: String] = [:]) {
        self.fallback = fallback
        self.byName = byName
        self.byLanguage = byLanguage
    }

    /// The vendor's voice: the one the name stands for, the name itself where it is the vendor's own, the language's, the
    /// fallback.
    /// - Parameter isOwn: whether a name is one of the vendor's.
    package func voice(name: String, language: String, isOwn: (String) -> Bool) -> String {
        if let voice = byName[name] { return voice }
        if isOwn(name) { return name }
        return byLanguage[Self.primary(language)] ?? fallback
    }

    /// `en` of `en-US`.
    package static func primary(_ language: String) -> String {
        language.prefix { $0 != "-" && $0 != "_" }.lowercased()
    }

    /// Letters, digits, `-` and `_`: a name that changes no address it is written into.
    package static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 128
            && name.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
