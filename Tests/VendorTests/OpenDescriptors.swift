import Foundation

/// Descriptors this process holds.
enum OpenDescriptors {
    static func count() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
}
