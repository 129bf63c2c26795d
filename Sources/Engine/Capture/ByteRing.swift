// SAFETY: the storage owns `bytes` from init to deinit. Exactly one `ByteRingWriter` and one `ByteRingReader` exist per
// storage (both are ~Copyable and made only by `ByteRingEnds`), so a byte is written only between `tail` and
// `head + capacity` by the writer and read only between `head` and `tail` by the reader. `tail` is published with release
// after its bytes are written and loaded with acquire before they are read; `head` likewise in the other direction.
// Positions run free and are masked on access only.

import Synchronization

/// How a byte ring's writer left it.
enum ByteRingState: UInt8 {
    case open
    /// Everything was written.
    case finished
    /// Something did not fit: what was committed is whole, and nothing follows.
    case broken
}

@safe final class ByteRingStorage: @unchecked Sendable {  // by the protocol above
    let bytes: UnsafeMutablePointer<UInt8>
    let mask: Int
    // The two positions live on cache lines of their own: each is written by one thread and read by the other.
    let pad0 = InlineArray<16, Int>(repeating: 0)
    let tail = Atomic<Int>(0)
    let state = Atomic<UInt8>(ByteRingState.open.rawValue)
    let pad1 = InlineArray<16, Int>(repeating: 0)
    let head = Atomic<Int>(0)
    let pad2 = InlineArray<16, Int>(repeating: 0)

    init(capacity: Int) {
        precondition(capacity >= 64 && capacity & (capacity - 1) == 0, "a byte ring's capacity is a power of two")
        unsafe bytes = .allocate(capacity: capacity)
        unsafe bytes.initialize(repeating: 0, count: capacity)
        mask = capacity - 1
    }

    deinit { unsafe bytes.deallocate() }
}

/// The end of a byte ring that writes records of any size: bytes are staged, and a record is seen whole or not at all.
struct ByteRingWriter: ~Copyable, Sendable {
    private let storage: ByteRingStorage
    /// Where the next byte goes; beyond the published tail while a record is staged.
    private var position = 0
    /// The first position that may not be written.
    private var limit: Int
    private(set) var hasOverrun = false

    init(storage: ByteRingStorage) {
        self.storage = storage
        limit = storage.mask + 1
    }

    /// Begins a record: asks once how much room there is.
    mutating func begin() {
        limit = storage.head.load(ordering: .acquiring) &+ storage.mask &+ 1
    }

    mutating func append(_ byte: UInt8) {
        guard position != limit else {
            hasOverrun = true
            return
        }
        unsafe storage.bytes[position & storage.mask] = byte
        position &+= 1
    }

    mutating func append(_ frame: borrowing FrameBytes, count: Int) {
        let count = min(max(0, count), Frame.samples)
        guard limit &- position >= count else {
            hasOverrun = true
            return
        }
        for index in 0..<count { unsafe storage.bytes[(position &+ index) & storage.mask] = frame[index] }
        position &+= count
    }

    /// Publishes what was staged.
    /// - Returns: false when it did not fit: nothing of it is seen.
    mutating func commit() -> Bool {
        guard !hasOverrun else { return false }
        storage.tail.store(position, ordering: .releasing)
        return true
    }

    /// Says that nothing follows.
    mutating func close(_ state: ByteRingState) { storage.state.store(state.rawValue, ordering: .releasing) }
}

/// The end of a byte ring that reads, off the media worker.
struct ByteRingReader: ~Copyable, Sendable {
    private let storage: ByteRingStorage

    init(storage: ByteRingStorage) { self.storage = storage }

    /// What the writer said last. Read it before `drain`: what is drained after `finished` is everything.
    var state: ByteRingState { ByteRingState(rawValue: storage.state.load(ordering: .acquiring)) ?? .broken }

    /// Appends everything that was published to `bytes`.
    mutating func drain(into bytes: inout [UInt8]) {
        let head = storage.head.load(ordering: .relaxed)
        let count = storage.tail.load(ordering: .acquiring) &- head
        guard count > 0 else { return }
        let start = head & storage.mask
        let first = min(count, storage.mask + 1 - start)
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: storage.bytes + start, count: first))
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: storage.bytes, count: count - first))
        storage.head.store(head &+ count, ordering: .releasing)
    }
}
