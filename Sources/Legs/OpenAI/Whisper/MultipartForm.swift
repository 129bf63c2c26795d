import NIOCore

/// A form with a file in it (RFC 7578).
struct MultipartForm {
    /// Random, so that no recording contains it.
    private let boundary =
        "parley-" + String(UInt64.random(in: .min ... .max), radix: 16)
        + String(UInt64.random(in: .min ... .max), radix: 16)
    private var body = ByteBuffer()

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    mutating func add(name: String, value: String) {
        body.writeString("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n")
    }

    mutating func add(file name: String, contentType: String, bytes: [UInt8]) {
        body.writeString("--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n")
        body.writeString("Content-Type: \(contentType)\r\n\r\n")
        body.writeBytes(bytes)
        body.writeString("\r\n")
    }

    var finished: ByteBuffer {
        var whole = body
        whole.writeString("--\(boundary)--\r\n")
        return whole
    }

    /// The vendor judges a file by its name's ending.
    static func fileName(for contentType: String) -> String? {
        let endings = [
            "audio/wav": "wav", "audio/x-wav": "wav", "audio/wave": "wav", "audio/mpeg": "mp3", "audio/mp4": "mp4",
            "audio/flac": "flac", "audio/ogg": "ogg", "audio/webm": "webm",
        ]
        let kind = contentType.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        return endings[kind].map { "recording.\($0)" }
    }
}
