@main struct Parley { static func main() { print("parley") } }
