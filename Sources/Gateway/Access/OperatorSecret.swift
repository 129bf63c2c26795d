import Foundation

/// The secret that signs tokens: configured, or made once and kept in the data folder, readable by its owner only.
public enum OperatorSecret {
    public static let fileName = "operator.secret"

    public static func load(configured: String?, dataFolder: String) throws -> String {
        if let configured { return configured }
        let folder = URL(fileURLWithPath: dataFolder, isDirectory: true)
        let file = folder.appendingPathComponent(fileName)
        if let known = try? String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines),
            known.utf8.count >= 32
        {
            return known
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let secret = Data(MessageAuthentication.randomBytes(32)).base64EncodedString()
        // Created with its mode, so that it is never readable by others, not even for a moment.
        try? FileManager.default.removeItem(at: file)
        guard
            FileManager.default.createFile(
                atPath: file.path,
                contents: Data((secret + "\n").utf8),
                attributes: [.posixPermissions: 0o600]
            )
        else { throw CocoaError(.fileWriteUnknown) }
        return secret
    }
}
