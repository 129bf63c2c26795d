import Actors

/// Whole spoken pieces by request, bounded in bytes; the least recently used goes first. A value: the owner locks.
struct SpeechCache: ~Copyable {
    struct Piece {
        var words: [SpokenWord]?
        var audio: [Int16]

        init(_ deltas: [SpeechDelta]) {
            audio = []
            for delta in deltas {
                switch delta {
                case .words(let words): self.words = words
                case .audio(let samples): audio += samples
                case .replaced: break
                }
            }
        }

        var deltas: [SpeechDelta] {
            (words.map { [.words($0)] } ?? []) + (audio.isEmpty ? [] : [.audio(audio)])
        }
    }

    private struct Entry {
        var piece: Piece
        var bytes: Int
        /// Position in the order of use.
        var lastUse: UInt64
    }

    let capacityBytes: Int
    private(set) var bytes = 0
    private(set) var evictions = 0
    private var entries: [SpeechRequest: Entry] = [:]
    private var uses: UInt64 = 0

    init(capacityBytes: Int) { self.capacityBytes = max(0, capacityBytes) }

    var count: Int { entries.count }

    mutating func piece(for request: SpeechRequest) -> Piece? {
        uses += 1
        entries[request]?.lastUse = uses
        return entries[request]?.piece
    }

    /// Keeps a piece, unless it alone is larger than the cache.
    mutating func insert(_ piece: Piece, for request: SpeechRequest) {
        let size = Self.bytes(of: piece, request)
        guard size <= capacityBytes else { return }
        remove(request)
        while bytes + size > capacityBytes, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            remove(oldest.key)
            evictions += 1
        }
        uses += 1
        entries[request] = Entry(piece: piece, bytes: size, lastUse: uses)
        bytes += size
    }

    private mutating func remove(_ request: SpeechRequest) {
        bytes -= entries.removeValue(forKey: request)?.bytes ?? 0
    }

    /// The arrays' contents and the key's text; 200 bytes stand for headers and the table's slot.
    private static func bytes(of piece: Piece, _ request: SpeechRequest) -> Int {
        piece.audio.count * MemoryLayout<Int16>.stride
            + (piece.words?.count ?? 0) * MemoryLayout<SpokenWord>.stride
            + request.text.utf8.count + request.voice.utf8.count + request.language.utf8.count + 200
    }
}
