// SPDX-License-Identifier: Apache-2.0
// What a dictionary saves in blocks of recorded replies: trained on one half of the recordings, used on the other.
// Prints JSON. With --write FILE BYTES it trains on all of them and writes what resources/dictionary holds: never do
// that over a released one.
#include "conversation/call_event.h"
#include "report.h"
#include "store/block.h"
#include "support/corpus.h"

#include <zstd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <string>
#include <vector>
#include <zdict.h>

using namespace luthien;

namespace {

constexpr int kRounds = 20;      // of compressing all blocks, for the time
constexpr int kCuts = 4;         // ways in which a recording is cut into blocks
constexpr std::uint32_t kId = 1; // as the frames would name it
constexpr std::size_t kWhole = ~std::size_t{0};

struct Blocks
{
    std::vector<std::string> raw;
    std::size_t events = 0;
    std::size_t bytes = 0;
};

/// The reply as the events it came in: an empty line ends one, or in lines of JSON the line.
std::vector<std::string> eventsOf(const test::CorpusCase& recording)
{
    const std::string_view bytes = recording.bytes;
    const std::string_view end = !recording.isSse()                                 ? "\n"
                                 : bytes.find("\r\n\r\n") != std::string_view::npos ? "\r\n\r\n"
                                                                                    : "\n\n";
    std::vector<std::string> events;
    for (std::size_t from = 0; from < bytes.size();) {
        const std::size_t at = recording.form() ? bytes.find(end, from) : std::string_view::npos;
        const std::size_t until = at == std::string_view::npos ? bytes.size() : at + end.size();
        events.emplace_back(bytes.substr(from, until - from));
        from = until;
    }
    return events;
}

/// Blocks of up to perBlock events each, the first of a recording shorter at random.
void cut(const test::CorpusCase& recording, std::size_t perBlock, std::mt19937& random, Blocks& blocks)
{
    const auto events = eventsOf(recording);
    std::size_t left = perBlock == kWhole ? kWhole : 1 + random() % perBlock;
    store::BlockBuilder block;
    const auto add = [&] {
        blocks.events += block.events();
        blocks.raw.push_back(block.raw());
        blocks.bytes += blocks.raw.back().size();
        block.clear();
        left = perBlock;
    };
    TimePoint at;
    for (std::uint32_t seq = 0; seq < events.size(); ++seq) {
        at += std::chrono::microseconds(30'000 + random() % 40'000);
        block.add({seq, at, conversation::Direction::Received, conversation::WireKind::Text, events[seq]});
        if (--left == 0)
            add();
    }
    if (!block.isEmpty())
        add();
}

std::string train(const Blocks& blocks, std::size_t most)
{
    std::string all;
    std::vector<std::size_t> sizes;
    for (const std::string& raw : blocks.raw) {
        all += raw;
        sizes.push_back(raw.size());
    }
    std::string dictionary(most, '\0');
    const std::size_t size = ZDICT_trainFromBuffer(dictionary.data(), dictionary.size(), all.data(), sizes.data(),
                                                   static_cast<unsigned>(sizes.size()));
    if (ZDICT_isError(size) != 0) {
        std::fprintf(stderr, "training failed: %s\n", ZDICT_getErrorName(size));
        std::exit(1);
    }
    dictionary.resize(size);
    for (std::size_t i = 0; i < sizeof kId; ++i) // behind the magic number, little-endian
        dictionary[4 + i] = static_cast<char>(kId >> (8 * i));
    return dictionary;
}

struct Figures
{
    double bytes = 0;
    double micros = 0; ///< processor time
};

Figures measure(const Blocks& blocks, const std::string& dictionary, int level)
{
    ZSTD_CCtx* const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context, ZSTD_c_dictIDFlag, 0);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
    ZSTD_CDict* const digested =
        dictionary.empty() ? nullptr : ZSTD_createCDict(dictionary.data(), dictionary.size(), level);
    ZSTD_CCtx_refCDict(context, digested);
    std::size_t packed = 0;
    std::string out;
    const std::clock_t began = std::clock();
    for (int round = 0; round < kRounds; ++round) {
        packed = 0;
        for (const std::string& raw : blocks.raw) {
            out.resize(ZSTD_compressBound(raw.size()));
            packed += ZSTD_compress2(context, out.data(), out.size(), raw.data(), raw.size());
        }
    }
    const double seconds = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
    ZSTD_freeCCtx(context);
    ZSTD_freeCDict(digested);
    const auto events = static_cast<double>(blocks.events);
    return {static_cast<double>(packed) / events, seconds * 1e6 / kRounds / events};
}

Blocks allBlocks(const std::vector<test::CorpusCase>& corpus, std::size_t perBlock, int half)
{
    std::mt19937 random(7);
    Blocks blocks;
    for (std::size_t i = 0; i < corpus.size(); ++i) {
        for (int way = 0; way < kCuts; ++way) {
            if (half < 0 || static_cast<int>(i % 2) == half)
                cut(corpus[i], perBlock, random, blocks);
        }
    }
    return blocks;
}
} // namespace

int main(int count, char** arguments)
{
    auto corpus = test::loadCorpus();
    std::ranges::shuffle(corpus, std::mt19937(3));
    constexpr std::size_t kLearnt = 6; // events of a block that is trained on
    if (count == 4 && std::strcmp(arguments[1], "--write") == 0) {
        const std::string dictionary = train(allBlocks(corpus, kLearnt, -1), std::strtoul(arguments[3], nullptr, 10));
        std::ofstream(arguments[2], std::ios::binary) << dictionary;
        return 0;
    }
    bench::Report report;
    for (const std::size_t most : {0u, 8u << 10, 16u << 10, 32u << 10, 64u << 10}) {
        const std::string dictionary = most == 0 ? std::string() : train(allBlocks(corpus, kLearnt, 0), most);
        for (const std::size_t perBlock : {std::size_t{5}, std::size_t{12}, std::size_t{40}, kWhole}) {
            const Blocks blocks = allBlocks(corpus, perBlock, 1);
            for (const int level : {1, 3}) {
                const Figures figures = measure(blocks, dictionary, level);
                report.beginRow();
                std::printf(R"({"dictionary":%zu,"events_a_block":%.1f,"level":%d,"raw":%.1f,"bytes":%.1f,"us":%.2f})",
                            dictionary.size(),
                            static_cast<double>(blocks.events) / static_cast<double>(blocks.raw.size()), level,
                            static_cast<double>(blocks.bytes) / static_cast<double>(blocks.events), figures.bytes,
                            figures.micros);
            }
        }
    }
}
