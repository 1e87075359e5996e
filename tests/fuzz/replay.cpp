// SPDX-License-Identifier: Apache-2.0
// Stands in for libFuzzer where the compiler has none: runs each file of a folder, and then a fixed number of
// mutations of them, the same ones every time.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {
std::vector<std::string> readSeeds(const char* folder)
{
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    std::vector<std::string> seeds;
    for (const auto& path : paths) {
        std::ifstream file(path, std::ios::binary);
        seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return seeds;
}

constexpr std::string_view kBlankLine("\n\n");

/// The event, or whatever ends in a blank line, that a place lies in.
std::string_view blockAround(std::string_view bytes, std::size_t at)
{
    const auto before = bytes.substr(0, at).rfind(kBlankLine);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + kBlankLine.size();
    const auto end = bytes.find(kBlankLine, at);
    return bytes.substr(begin, end == std::string_view::npos ? end : end + kBlankLine.size() - begin);
}

/// One to four small changes: a byte put in, taken out, doubled or replaced, a block up to its blank line taken out,
/// doubled or moved, or the end of another seed put behind.
std::string mutated(std::string bytes, const std::vector<std::string>& seeds, std::mt19937& random)
{
    static constexpr std::string_view kTelling("\r\n\0 \t:;,\"\\0159afAF-_\x7f\xff", 23);
    const auto below = [&](std::size_t bound) { return random() % bound; };
    for (auto changes = below(4) + 1; changes > 0 && !bytes.empty(); --changes) {
        const auto at = below(bytes.size());
        const char telling = kTelling[below(kTelling.size())];
        switch (below(7)) {
        case 0:
            bytes.insert(at, 1, telling);
            break;
        case 1:
            bytes.erase(at, below(4) + 1);
            break;
        case 2:
            bytes.insert(at, bytes.substr(at, below(40) + 1));
            break;
        case 3:
            bytes[at] = telling;
            break;
        case 4:
        case 5: {
            const std::string block(blockAround(bytes, at));
            const auto begin = static_cast<std::size_t>(blockAround(bytes, at).data() - bytes.data());
            if (below(2) == 0)
                bytes.erase(begin, block.size());
            if (below(2) == 0)
                bytes.insert(bytes.empty() ? 0 : blockAround(bytes, below(bytes.size())).data() - bytes.data(), block);
            break;
        }
        default: {
            const std::string& other = seeds[below(seeds.size())];
            bytes.replace(at, std::string::npos, other, below(other.size() + 1), std::string::npos);
        }
        }
    }
    return bytes;
}

void run(const std::string& bytes)
{
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}
} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fprintf(stderr, "usage: %s SEEDS MUTATIONS\n", argv[0]);
        return 2;
    }
    const auto seeds = readSeeds(argv[1]);
    if (seeds.empty())
        return 2;
    for (const std::string& seed : seeds)
        run(seed);
    std::mt19937 random(1); // every run is to be the same
    for (long left = std::strtol(argv[2], nullptr, 10); left > 0; --left)
        run(mutated(seeds[random() % seeds.size()], seeds, random));
    return 0;
}
