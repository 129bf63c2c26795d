import Actors
import Engine
import TestSupport
import Testing

@Suite("A tenant's pipeline")
struct PipelineProfileTests {
    @Test(arguments: TenantProfile.Sound.Tones.allCases, [false, true])
    func keysAreListenedForWhereTheProviderSendsNoneOrTheTenantSaysSo(
        tones: TenantProfile.Sound.Tones,
        providerSendsKeys: Bool
    ) {
        var profile = TenantProfile.test
        profile.sound.tones = tones
        let configuration = PipelineConfiguration(profile, providerSendsKeys: providerSendsKeys)
        switch tones {
        case .auto: #expect(configuration.hearsTones != providerSendsKeys)
        case .always: #expect(configuration.hearsTones)
        case .never: #expect(!configuration.hearsTones)
        }
    }

    @Test func comfortNoiseIsTheTenantsChoice() {
        var profile = TenantProfile.test
        #expect(PipelineConfiguration(profile).comfortNoise == 0)
        profile.sound.hasComfortNoise = true
        #expect(PipelineConfiguration(profile).comfortNoise == 10)
    }
}
