import Foundation

/// A language pack as files, for as long as a decoder reads them: the library takes paths only.
struct PackFiles {
    private let folder: URL

    /// - Throws: what creating the folder and writing the files throws.
    init(_ pack: LanguagePack) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "parley-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        do {
            try Data(pack.dictionary.utf8).write(to: URL(filePath: dictionary))
            for (kind, text) in pack.models { try Data(text.utf8).write(to: URL(filePath: model(kind))) }
        } catch {
            remove()
            throw error
        }
    }

    var dictionary: String { folder.appending(path: "words.dict").path }

    func model(_ kind: LanguageKind) -> String { folder.appending(path: "\(kind.rawValue).lm").path }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}
