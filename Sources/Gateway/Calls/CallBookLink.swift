import Actors
import Engine
import Foundation

/// Keeps a call book's entries joined with the calls whose media the engine carries.
package struct CallBookLink: CallObserver {
    private let book: CallBook

    package init(_ book: CallBook) { self.book = book }

    package func call(_ call: CallIdentity, at instant: MediaInstant, _ happening: CallHappening) {
        switch happening {
        case .started: book.mediaStarted(call, now: Date())
        case .ended(let outcome): book.mediaEnded(call, duration: outcome.duration, now: Date())
        default: break
        }
    }
}
