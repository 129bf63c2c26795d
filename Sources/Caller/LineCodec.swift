import Foundation

/// Payloads of media messages: mu-law in base64 (RFC 4648 section 4).
enum LineCodec {
    static func base64(_ audio: ArraySlice<UInt8>) -> [UInt8] {
        Array(Data(audio).base64EncodedData())
    }

    /// - Returns: nil when it is not base64.
    static func bytes(base64 text: [UInt8]) -> [UInt8]? {
        Data(base64Encoded: Data(text)).map(Array.init)
    }
}
