// SAFETY: both states are alive and unused while they are compared, and belong to the caller. Only words inside blocks of
// the allocator are read, each no further than the allocator says. A word that differs between two fresh states that were
// made alike is the address of a block: all else that an initialiser stores is the same in both.

import CPlatform

/// Where a C library's opaque state keeps its arrays, as paths: a word of the state holds the address of an array, a word of
/// that one the address of the next.
///
/// A library tells nobody where its arrays are. Two states made alike, though, differ in nothing but that.
package struct LibraryLayout: Sendable, Equatable {
    package struct Part: Sendable, Equatable {
        /// The part that holds this one's address, always an earlier one; nil for the state itself.
        package var holder: Int?
        /// Bytes from the holder's start to the address.
        package var offset: Int
        package var bytes: Int
    }

    /// Several times what a state of speexdsp keeps; of a library that keeps more, these are read ahead.
    private static let most = 256
    /// Blocks made one after the other lie near each other; what points further is no block of this state.
    private static let furthest: UInt = 1 << 30

    package private(set) var parts: [Part]

    /// - Parameters: two states made with the same parameters, alive at the same time and not used yet.
    package init(_ first: OpaquePointer, _ second: OpaquePointer) {
        let states = (UInt(bitPattern: first), UInt(bitPattern: second))
        parts = [Part(holder: nil, offset: 0, bytes: Self.bytes(states))]
        var blocks = [states]
        var seen: Set<UInt> = [states.0]
        var index = 0
        while index < parts.count {
            for offset in stride(from: 0, to: parts[index].bytes & ~7, by: 8) where parts.count < Self.most {
                let words = (Self.word(blocks[index].0, offset), Self.word(blocks[index].1, offset))
                guard words.0 != words.1, Self.isNear(words.0, states.0), Self.isNear(words.1, states.1),
                    seen.insert(words.0).inserted
                else { continue }
                parts.append(Part(holder: index, offset: offset, bytes: Self.bytes(words)))
                blocks.append(words)
            }
            index += 1
        }
    }

    private static func word(_ block: UInt, _ offset: Int) -> UInt {
        unsafe UnsafeRawPointer(bitPattern: block + UInt(offset))?.load(as: UInt.self) ?? 0
    }

    /// The smaller of both: the allocator may have rounded one of them up.
    private static func bytes(_ blocks: (UInt, UInt)) -> Int {
        unsafe Int(
            min(
                parley_block_size(UnsafeRawPointer(bitPattern: blocks.0)),
                parley_block_size(UnsafeRawPointer(bitPattern: blocks.1))
            )
        )
    }

    /// Blocks begin at multiples of 16.
    private static func isNear(_ word: UInt, _ state: UInt) -> Bool {
        word & 15 == 0 && max(word, state) - min(word, state) < furthest
    }
}
