// SPDX-License-Identifier: Apache-2.0
// Records calls as fast as it can until somebody kills it, and tells on stdout what the store has acknowledged.
#include "crash_events.h"
#include "recording.h"
#include "store/store.h"

#include <QCoreApplication>

#include <cstdlib>
#include <deque>
#include <random>
#include <thread>
#include <unistd.h>

using namespace luthien;
using luthien::test::Acknowledged;
using luthien::test::RecordedCall;

namespace {
void acknowledge(const RecordedCall& call, std::uint8_t isOver)
{
    const Acknowledged done = luthien::test::acknowledged(call.id(), call.nextSeq() - 1, isOver, call.decisions());
    if (write(STDOUT_FILENO, &done, sizeof done) != sizeof done)
        std::_Exit(1);
}

void recordForEver(conversation::EventSink& sink, unsigned seed)
{
    std::mt19937 random(seed);
    std::deque<RecordedCall> open;
    while (true) {
        if (open.size() < 8) {
            open.emplace_back(sink, "session-" + std::to_string(random() % 3), SystemClock().now());
            open.back().request(luthien::test::crashBytes(open.back().id(), 0));
            acknowledge(open.back(), 0);
        }
        RecordedCall& call = open[random() % open.size()];
        const std::string bytes = luthien::test::crashBytes(call.id(), call.nextSeq());
        if (random() % 4 == 0)
            call.split(bytes.substr(0, 5), bytes.substr(5));
        else if (random() % 8 == 0)
            call.splitAround(bytes.substr(0, 9), luthien::test::crashBytes(call.id(), call.nextSeq() + 1),
                             bytes.substr(9));
        else
            call.wire(bytes, random() % 5 == 0 ? conversation::Direction::Sent : conversation::Direction::Received);
        acknowledge(call, 0);
        if (random() % 6 == 0) {
            call.decide(luthien::test::crashBytes(call.id(), call.decisions()),
                        random() % 2 == 0 ? conversation::PolicyMode::Enforce : conversation::PolicyMode::Shadow);
            acknowledge(call, 0);
        }
        if (random() % 60 == 0) {
            open.front().end();
            acknowledge(open.front(), 1);
            open.pop_front();
        }
    }
}
} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    if (argc != 4)
        return 2;
    store::StoreConfig config;
    config.directory = argv[1];
    config.database = argv[3];
    config.segmentBytes = 256 << 10;
    config.ballastBytes = 0;
    config.blockInterval = std::chrono::milliseconds(20);
    auto store = store::Store::open(config);
    if (!store)
        return 1;
    const auto seed = static_cast<unsigned>(std::atoi(argv[2]));
    const auto first = (*store)->makeSink(0);
    const auto second = (*store)->makeSink(1);
    std::jthread other([&] { recordForEver(*second, seed + 1); });
    recordForEver(*first, seed);
}
