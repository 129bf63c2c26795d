import Foundation
import NIOSSL
import Synchronization

/// The certificate chain and key of the TLS listener, read again when their files change.
package final class CertificateStore: Sendable {
    package enum Reload: Equatable, Sendable {
        case unchanged, loaded
        /// The new files cannot be used; the certificate before them stays.
        case kept(SettingsFault)
    }

    /// What tells one version of a file from the next.
    private struct Stamp: Equatable {
        var seconds: Int
        var nanoseconds: Int
        var size: Int
        var inode: UInt64
    }
    private struct State {
        var context: NIOSSLContext
        var expiry: Date
        var stamps: [Stamp?]
    }

    /// A chain has a few kilobytes.
    private static let maximumFileBytes = 1 << 20

    private let certificate: String
    private let key: String
    private let state: Mutex<State>

    /// - Returns: nil when no certificate is configured.
    /// - Throws: `SettingsFaults` that name the file.
    convenience init?(_ settings: EdgeSettings) throws {
        switch (settings.tlsCertificate, settings.tlsKey) {
        case (nil, nil): return nil
        case (let certificate?, let key?): try self.init(certificate: certificate, key: key)
        case (nil, _): throw SettingsFaults(faults: [EdgeSettings.half("PARLEY_TLS_CERTIFICATE")])
        case (_, nil): throw SettingsFaults(faults: [EdgeSettings.half("PARLEY_TLS_KEY")])
        }
    }

    /// - Parameters:
    ///   - certificate: a PEM file: the server's certificate, then those that lead to the root.
    ///   - key: a PEM file with the first certificate's private key.
    package init(certificate: String, key: String) throws {
        self.certificate = certificate
        self.key = key
        // Stamped before they are read: a change in between is seen by the next look.
        let stamps = [Self.stamp(certificate), Self.stamp(key)]
        do throws(SettingsFault) {
            let (context, expiry) = try Self.load(certificate, key)
            state = Mutex(State(context: context, expiry: expiry, stamps: stamps))
        } catch {
            throw SettingsFaults(faults: [error])
        }
    }

    /// For a new connection.
    package var context: NIOSSLContext { state.withLock { $0.context } }
    /// When the first certificate of the chain ends.
    package var expiry: Date { state.withLock { $0.expiry } }

    /// Reads the files again if they changed.
    package func reload() -> Reload {
        let stamps = [Self.stamp(certificate), Self.stamp(key)]
        guard state.withLock({ $0.stamps != stamps }) else { return .unchanged }
        do throws(SettingsFault) {
            let (context, expiry) = try Self.load(certificate, key)
            state.withLock { $0 = State(context: context, expiry: expiry, stamps: stamps) }
            return .loaded
        } catch {
            // Told once, not at every look.
            state.withLock { $0.stamps = stamps }
            return .kept(error)
        }
    }

    private static func load(
        _ certificate: String,
        _ key: String
    ) throws(SettingsFault) -> (NIOSSLContext, Date) {
        func fault(_ file: String, _ variable: String, _ message: String) -> SettingsFault {
            SettingsFault(source: file, key: variable, message: message)
        }
        let chainName = "PARLEY_TLS_CERTIFICATE"
        let keyName = "PARLEY_TLS_KEY"
        let chainBytes = try read(certificate, chainName)
        let keyBytes = try read(key, keyName)
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(chainBytes), let first = chain.first else {
            throw fault(certificate, chainName, "holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)")
        }
        guard let privateKey = try? NIOSSLPrivateKey(bytes: keyBytes, format: .pem) else {
            throw fault(key, keyName, "holds no private key in PEM form without a passphrase")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(privateKey)
        )
        // RFC 8996: what is older than 1.2 must not be used.
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        guard let context = try? NIOSSLContext(configuration: configuration) else {
            throw fault(key, keyName, "is not the key of the first certificate in \(certificate)")
        }
        return (context, Date(timeIntervalSince1970: Double(first.notValidAfter)))
    }

    private static func read(_ file: String, _ variable: String) throws(SettingsFault) -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: file) else {
            let reason = FileManager.default.fileExists(atPath: file) ? "cannot be read by this user" : "does not exist"
            throw SettingsFault(source: file, key: variable, message: reason)
        }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: maximumFileBytes + 1) else {
            throw SettingsFault(source: file, key: variable, message: "is empty, or no file")
        }
        guard data.count <= maximumFileBytes else {
            throw SettingsFault(source: file, key: variable, message: "is larger than \(maximumFileBytes) bytes")
        }
        return Array(data)
    }

    private static func stamp(_ file: String) -> Stamp? {
        var status = stat()
        guard stat(file, &status) == 0 else { return nil }
        return Stamp(
            seconds: status.st_mtim.tv_sec,
            nanoseconds: status.st_mtim.tv_nsec,
            size: Int(status.st_size),
            inode: UInt64(status.st_ino)
        )
    }
}
