import CPlatform

/// Sockets of one event loop that are read once a slot, all that have something in one question to the kernel.
///
/// The library is told of each message by itself, and makes a buffer and a walk through the channel of each: with 300 calls on
/// one core these took 8 % of it ([0025](../../../docs/decisions/0025-sockets-read-together.md)). It keeps everything else of
/// the socket: its life, its end, and what the kernel does not take at once.
///
/// SAFETY: lives on its event loop and never leaves it. A closed socket leaves the kernel's set by itself, and whoever gets its
/// number next takes its place here.
final class SocketSet {
    /// A message of 20 ms has 380 bytes; whoever sends more than a buffer is read on at once, and in the next slots.
    private static let bufferBytes = 16_384
    private static let atOnce = 256

    private let kernel: CInt
    private var sockets: [CInt: any SlotSocket] = [:]
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferBytes, alignment: 16)
    private let ready = UnsafeMutableBufferPointer<CInt>.allocate(capacity: atOnce)

    /// - Returns: nil when the system gives no descriptor.
    init?() {
        kernel = parley_sockets_open()
        guard kernel >= 0 else { return nil }
    }

    deinit {
        if kernel >= 0 { parley_sockets_close(kernel) }
        buffer.deallocate()
        ready.deallocate()
    }

    var isEmpty: Bool { sockets.isEmpty }

    /// Takes a socket over from the library, where that is possible.
    func add(_ socket: any SlotSocket) {
        guard let descriptor = socket.descriptor, parley_sockets_add(kernel, descriptor) == 0 else { return }
        sockets[descriptor] = socket
        socket.readWhenTold(true)
    }

    /// Leaves a socket to the library again. Of one that is not here nothing is changed.
    func remove(_ socket: any SlotSocket) {
        guard let descriptor = socket.descriptor, sockets[descriptor] === socket else { return }
        sockets[descriptor] = nil
        parley_sockets_remove(kernel, descriptor)
        socket.readWhenTold(false)
    }

    func removeAll() {
        for socket in Array(sockets.values) { remove(socket) }
    }

    func read() {
        let count = Int(parley_sockets_ready(kernel, ready.baseAddress, CInt(Self.atOnce)))
        for index in 0..<count {
            // A copy: reading may end this call, and with it another one's place here.
            guard let socket = sockets[ready[index]] else { continue }
            socket.readNow(buffer)
        }
    }
}
