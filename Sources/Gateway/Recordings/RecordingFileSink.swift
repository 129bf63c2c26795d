import Actors
import Foundation

/// One file, written at known places: an attempt that failed half-way is overwritten by the next.
final class RecordingFileSink: RecordingSink {
    private let path: String
    private var partial: String { path + ".part" }
    private var descriptor: Int32
    private var size: off_t = 0

    /// - Parameter path: the name it gets when it is whole.
    init(path: String) throws(RecordingFault) {
        self.path = path
        // A name that is taken is another call's; a link in its place is nobody's.
        guard access(path, F_OK) != 0 else { throw .taken }
        descriptor = open(path + ".part", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw RecordingFault(errno) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func append(_ bytes: [UInt8]) throws(RecordingFault) {
        try write(bytes, at: size)
        size += off_t(bytes.count)
    }

    func rewriteStart(_ bytes: [UInt8]) throws(RecordingFault) { try write(bytes, at: 0) }

    func finish() throws(RecordingFault) {
        // What a failed attempt left behind the end goes.
        guard ftruncate(descriptor, size) == 0 else { throw RecordingFault(errno) }
        guard rename(partial, path) == 0 else { throw RecordingFault(errno) }
        close(descriptor)
        descriptor = -1
    }

    func abandon() {
        _ = ftruncate(descriptor, size)
        close(descriptor)
        descriptor = -1
    }

    private func write(_ bytes: [UInt8], at place: off_t) throws(RecordingFault) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                pwrite(
                    descriptor,
                    buffer.baseAddress.map { $0 + written },
                    bytes.count - written,
                    place + off_t(written)
                )
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw RecordingFault(errno)
            }
            written += count
        }
    }
}
