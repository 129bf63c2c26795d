import Dispatch
import Engine
import Foundation

/// Messages as lines of JSON in one file of the data folder, readable by its owner alone (0600).
///
/// A message counts once it is on the disk. What a crash leaves of a line is cut off when the file is opened again: nobody
/// was told that it was taken. Keys of the latest messages are remembered over a restart, so none is kept twice.
public final class MessageFile: MessageTaker, Sendable {
    public struct Limits: Sendable {
        /// The file takes no more messages past this; whoever reads them moves it away.
        public var bytes = 16 << 20
        /// How many of the latest keys are remembered.
        public var keys = 4096

        public init() {}
    }

    private struct State {
        var file: Int32
        var bytes: Int
        var keys: Set<String> = []
        var order: [String] = []

        mutating func remember(_ key: String, _ limit: Int) {
            guard keys.insert(key).inserted else { return }
            order.append(key)
            if order.count > limit { keys.remove(order.removeFirst()) }
        }
    }

    private let folder: String
    private let path: String
    private let limits: Limits
    private let state = Locked<State?>(nil)
    /// The disk is waited for here and not on a thread that calls share.
    private let queue = DispatchQueue(label: "parley.messages")

    /// - Parameter folder: made (0700) with the first message unless it is there; what it is in must be. The file in it is
    ///   `messages.jsonl`.
    public init(folder: String, limits: Limits = Limits()) {
        self.folder = folder
        path = folder + "/messages.jsonl"
        self.limits = limits
    }

    deinit { state.withLock { state in state.map { _ = close($0.file) } } }

    public func take(_ message: CallerMessage) async throws {
        let done: Result<Void, ToolError> = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.write(message)) }
        }
        try done.get()
    }

    private func write(_ message: CallerMessage) -> Result<Void, ToolError> {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let line = try? encoder.encode(message) + Data([0x0A]) else { return .failure(Self.failed) }
        return state.withLock { state -> Result<Void, ToolError> in
            // A file that was moved away is made anew; what it held is still known.
            var known: [String] = []
            if let open = state, !Self.isStill(open.file, at: path) {
                _ = close(open.file)
                known = open.order
                state = nil
            }
            guard var open = state ?? Self.open(path, in: folder, limits) else { return .failure(Self.failed) }
            for key in known { open.remember(key, limits.keys) }
            defer { state = open }
            if open.keys.contains(message.idempotencyKey) { return .success(()) }
            guard open.bytes + line.count <= limits.bytes else {
                return .failure(ToolError(.unavailable, "No more messages can be taken. Transfer the caller instead."))
            }
            guard Self.append(line, to: open.file) else {
                // Whatever part of the line there is goes again.
                _ = ftruncate(open.file, off_t(open.bytes))
                return .failure(Self.failed)
            }
            open.bytes += line.count
            open.remember(message.idempotencyKey, limits.keys)
            return .success(())
        }
    }

    private static let failed = ToolError(.unavailable, "The message could not be kept. Transfer the caller instead.")

    private static func open(_ path: String, in folder: String, _ limits: Limits) -> State? {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { return nil }
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return nil }
        // A file that was there before is closed to others too.
        guard fchmod(file, 0o600) == 0, let text = read(file, upTo: limits.bytes * 2) else {
            _ = close(file)
            return nil
        }
        let whole = text.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        if whole < text.count { _ = ftruncate(file, off_t(whole)) }
        var state = State(file: file, bytes: whole)
        for line in text[..<whole].split(separator: 0x0A).suffix(limits.keys) {
            guard let message = try? JSONDecoder().decode(CallerMessage.self, from: Data(line)) else { continue }
            state.remember(message.idempotencyKey, limits.keys)
        }
        return state
    }

    /// - Returns: nil when the file cannot be read, or is larger than it could have become here.
    private static func read(_ file: Int32, upTo limit: Int) -> [UInt8]? {
        var about = stat()
        guard fstat(file, &about) == 0, about.st_size <= limit else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(about.st_size))
        var count = 0
        while count < bytes.count {
            let got = bytes[count...].withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, off_t(count)) }
            guard got > 0 else { return nil }
            count += got
        }
        return bytes
    }

    private static func append(_ line: Data, to file: Int32) -> Bool {
        var rest = [UInt8](line)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return false }
            rest = rest.dropFirst(written)
        }
        return fsync(file) == 0
    }

    private static func isStill(_ file: Int32, at path: String) -> Bool {
        var own = stat()
        var there = stat()
        return fstat(file, &own) == 0 && stat(path, &there) == 0 && own.st_ino == there.st_ino
            && own.st_dev == there.st_dev
    }
}
