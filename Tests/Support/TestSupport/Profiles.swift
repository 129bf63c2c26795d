import Actors

extension TenantProfile {
    /// A small tenant for tests of the machinery around it.
    public static let test = TenantProfile(
        id: "test",
        name: "Test Clinic",
        numbers: ["*"],
        greeting: "Good morning. How can I help?",
        emergency: .init(words: ["emergency", "bleeding"], say: "Help is on the way."),
        transfer: .init(number: "+15550100", say: "I am putting you through."),
        goodbye: "Goodbye now."
    )
}
