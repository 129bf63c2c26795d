import Actors
import Foundation
import NIOCore

/// The one word of a vendor's error that may be shown: its type or code, such as `invalid_api_key`. The text beside it may
/// quote the request.
enum VendorErrorWord {
    /// Bytes of an error's body that are looked at.
    static let bodyLimit = 16 << 10

    /// The word in an error's body, wherever the vendors put it: `error.code`, `error.type`, `err_code`, `category`,
    /// `detail.status`, `detail.code`, `code`, `type`.
    static func first(in body: ByteBuffer) -> String? {
        guard body.readableBytes <= bodyLimit, let answer = try? JSON(parsing: body.readableBytesView) else {
            return nil
        }
        let inner = answer["error"] ?? answer["detail"]
        let candidates = [
            inner?["code"], inner?["type"], inner?["status"], answer["err_code"], answer["category"], answer["code"],
            answer["type"],
        ]
        return candidates.lazy.compactMap { checked($0?.text) }.first { $0 != "error" }
    }

    /// The text when it is a word as programs write them: a letter first, then letters, digits and `_-.`, at most 48.
    static func checked(_ text: String?) -> String? {
        guard let text, (1...48).contains(text.utf8.count), let first = text.first, first.isASCII, first.isLetter else {
            return nil
        }
        let isWord = text.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isWord ? text : nil
    }
}
