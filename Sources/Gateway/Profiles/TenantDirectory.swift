import Actors

/// The tenants of an engine, by id and by called number. Immutable: a reload makes a new one.
public struct TenantDirectory: Sendable {
    private let byID: [String: TenantProfile]
    private let byNumber: [String: TenantProfile]
    /// Spellings without a country code or a plus that lead to one tenant only; the tenant's id.
    private let bySpelling: [String: String]
    /// Tenants of earlier directories that are gone: no new call reaches them, those under way end as they began.
    let retired: [String: TenantProfile]

    public init(_ profiles: [TenantProfile]) {
        self.init(profiles, retired: [:])
    }

    init(_ profiles: [TenantProfile], retired: [String: TenantProfile]) {
        byID = Dictionary(profiles.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        byNumber = Dictionary(
            profiles.flatMap { profile in profile.numbers.map { ($0, profile) } },
            uniquingKeysWith: { first, _ in first }
        )
        var owners: [String: Set<String>] = [:]
        for profile in profiles {
            for number in profile.numbers where number != "*" {
                for spelling in DialledNumber.spellings(of: number) { owners[spelling, default: []].insert(profile.id) }
            }
        }
        bySpelling = owners.compactMapValues { $0.count == 1 ? $0.first : nil }
        self.retired = retired
    }

    public var profiles: [TenantProfile] { byID.values.sorted { $0.id < $1.id } }

    /// Also a tenant that a reload has removed: for calls that began before.
    public func profile(id: String) -> TenantProfile? { byID[id] ?? retired[id] }

    /// The tenant that claims this number, or the one that claims `*`.
    ///
    /// - An E.164 number as it stands comes first, then every other spelling (`+1 (202) 555-0142`, `sip:+1202…@host`,
    ///   `0012025550142`, `(202) 555-0142`). A national number that two tenants share goes to neither.
    /// - Parameter number: as the provider says it; anything at all.
    public func profile(calledNumber number: String) -> TenantProfile? {
        byNumber[number] ?? claimed(DialledNumber.read(number)) ?? byNumber["*"]
    }

    private func claimed(_ number: DialledNumber) -> TenantProfile? {
        switch number {
        case .international(let text): byNumber[text]
        case .digits(let text): bySpelling[text].flatMap { byID[$0] }
        case .name: nil
        }
    }

    /// The directory after a reload. Tenants that are gone are kept for their calls, the latest ones of them.
    func replaced(by profiles: [TenantProfile]) -> TenantDirectory {
        let present = Set(profiles.map(\.id))
        var gone = retired.filter { !present.contains($0.key) }
        if gone.count >= Self.maximumRetired { gone = [:] }
        for profile in self.profiles where !present.contains(profile.id) { gone[profile.id] = profile }
        return TenantDirectory(profiles, retired: gone)
    }

    /// Bounds what a folder whose files change their names can hold in memory.
    private static let maximumRetired = 256
}
