import Actors
import Foundation

extension RingCentralPolicy.Desk {
    /// A tenant as the policy sees it at one moment.
    package init(_ profile: TenantProfile, at date: Date) {
        self.init()
        mode = profile.mode
        transferNumber = profile.transfer?.number
        hasVoicemail = profile.voicemail != nil
        if let hours = profile.hours {
            isOpen = hours.isOpen(at: date, timeZone: profile.timeZone)
            whenClosed = hours.closedThen
        }
    }
}
