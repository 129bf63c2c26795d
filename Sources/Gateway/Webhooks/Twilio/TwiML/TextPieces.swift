/// Long texts in pieces, parted between words.
package enum TextPieces {
    /// - Parameter limit: UTF-16 units in one piece.
    package static func split(_ text: String, limit: Int) -> [String] {
        var pieces: [String] = []
        var rest = text[...]
        while rest.utf16.count > limit {
            let piece = first(of: String(rest), limit: limit)
            pieces.append(piece)
            rest = rest.dropFirst(piece.count).drop { $0.isWhitespace }
        }
        if !rest.isEmpty || pieces.isEmpty { pieces.append(String(rest)) }
        return pieces
    }

    /// As many whole words as fit; a first word that is longer than everything is cut.
    package static func first(of text: String, limit: Int) -> String {
        var units = 0
        var end = text.startIndex
        var lastWord: String.Index?
        for index in text.indices {
            let size = text[index].utf16.count
            if units + size > limit {
                if text[index].isWhitespace { lastWord = index }
                break
            }
            if text[index].isWhitespace { lastWord = index }
            units += size
            end = text.index(after: index)
        }
        guard end < text.endIndex else { return text }
        if let lastWord, lastWord > text.startIndex { end = lastWord }
        let piece = text[..<end]
        guard let last = piece.lastIndex(where: { !$0.isWhitespace }) else { return String(piece) }
        return String(piece[...last])
    }
}
