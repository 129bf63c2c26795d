import Foundation
import Gateway
import Testing

@Suite("Operator tokens")
struct OperatorTokensTests {
    private let secret = "0123456789abcdef0123456789abcdef"

    private func base64URL(_ text: String) -> String {
        Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=",
            with: ""
        )
    }

    @Test(arguments: OperatorTokens.Role.allCases)
    func aTokenSaysWhoMaySeeWhat(_ role: OperatorTokens.Role) async throws {
        let tokens = await OperatorTokens(secret: secret)
        let now = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded())
        let token = try await tokens.mint(
            subject: "ops",
            tenant: "oakfield",
            role: role,
            lifetime: .seconds(60),
            now: now
        )
        let claims = try await tokens.verify(token)
        #expect(claims.sub.value == "ops" && claims.tenant == "oakfield" && claims.role == role)
        #expect(claims.iat.value == now && claims.exp.value == now.addingTimeInterval(60))
        // Another engine with the same secret takes it too.
        #expect(try await OperatorTokens(secret: secret).verify(token) == claims)
    }

    @Test func anExpiredTokenIsRefused() async throws {
        let tokens = await OperatorTokens(secret: secret)
        let past = Date(timeIntervalSinceNow: -61)
        let token = try await tokens.mint(subject: "s", tenant: "*", role: .operator, lifetime: .seconds(60), now: past)
        await #expect(throws: (any Error).self) { try await tokens.verify(token) }
    }

    @Test func aTokenOfAnotherSecretIsRefused() async throws {
        let token = try await OperatorTokens(secret: secret + "x").mint(
            subject: "s",
            tenant: "*",
            role: .operator,
            lifetime: .seconds(60)
        )
        let tokens = await OperatorTokens(secret: secret)
        await #expect(throws: (any Error).self) { try await tokens.verify(token) }
    }

    @Test func aChangedTokenIsRefused() async throws {
        let tokens = await OperatorTokens(secret: secret)
        let token = try await tokens.mint(subject: "s", tenant: "a", role: .viewer, lifetime: .seconds(60))
        let parts = token.split(separator: ".").map(String.init)
        let claims = #"{"sub":"s","tenant":"*","role":"operator","iat":0,"exp":99999999999}"#
        let none = base64URL(#"{"alg":"none","typ":"JWT"}"#)
        for forged in [
            "\(parts[0]).\(base64URL(claims)).\(parts[2])", "\(none).\(base64URL(claims)).",
            "\(none).\(parts[1]).\(parts[2])",
            "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1])", "", ".", "..", "a.b.c", String(token.dropLast(2)),
        ] {
            await #expect(throws: (any Error).self, "\(forged)") { try await tokens.verify(forged) }
        }
    }
}

@Suite("Operator secret")
struct OperatorSecretTests {
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString)").path
        var file: String { path + "/" + OperatorSecret.fileName }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    @Test func aConfiguredSecretIsTakenAndNothingWritten() throws {
        let folder = Folder()
        #expect(try OperatorSecret.load(configured: "configured", dataFolder: folder.path) == "configured")
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test func otherwiseOneIsMadeKeptAndOnlyTheOwnersToRead() throws {
        let folder = Folder()
        let secret = try OperatorSecret.load(configured: nil, dataFolder: folder.path)
        #expect(secret.utf8.count >= 32)
        #expect(try OperatorSecret.load(configured: nil, dataFolder: folder.path) == secret)
        let mode = try FileManager.default.attributesOfItem(atPath: folder.file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try OperatorSecret.load(configured: nil, dataFolder: Folder().path) != secret)
    }

    @Test(arguments: ["", "short\n", "\n\n"])
    func aFileThatHoldsNoSecretIsReplaced(_ content: String) throws {
        let folder = Folder()
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        try content.write(toFile: folder.file, atomically: false, encoding: .utf8)
        let secret = try OperatorSecret.load(configured: nil, dataFolder: folder.path)
        #expect(secret.utf8.count >= 32)
        #expect(try OperatorSecret.load(configured: nil, dataFolder: folder.path) == secret)
        let mode = try FileManager.default.attributesOfItem(atPath: folder.file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func aFolderThatCannotBeMadeIsAnError() {
        #expect(throws: (any Error).self) { try OperatorSecret.load(configured: nil, dataFolder: "/proc/none/such") }
    }
}
