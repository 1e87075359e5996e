// SPDX-License-Identifier: Apache-2.0
// Loads a port of this machine and tells what came back, as one line of JSON.
//
// Usage: bench_load json|streams PORT CONNECTIONS SECONDS

#include "load.h"

#include "socket.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

using namespace luthien::bench;

namespace {

std::uint32_t percentile(const std::vector<std::uint32_t>& sorted, double share)
{
    return sorted.empty() ? 0 : sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 5) {
        std::fprintf(stderr, "usage: bench_load json|streams PORT CONNECTIONS SECONDS\n");
        return 2;
    }
    allowManyFiles();
    const Load load{.port = static_cast<std::uint16_t>(std::atoi(argv[2])),
                    .connections = std::atoi(argv[3]),
                    .seconds = std::atoi(argv[4])};
    Result result = std::string_view(argv[1]) == "json" ? runJson(load) : runStreams(load);
    std::sort(result.microseconds.begin(), result.microseconds.end());
    std::printf("{\"requests\":%llu,\"events\":%llu,\"errors\":%llu,\"seconds\":%.3f,\"p50_us\":%u,\"p99_us\":%u}\n",
                static_cast<unsigned long long>(result.requests), static_cast<unsigned long long>(result.events),
                static_cast<unsigned long long>(result.errors), result.seconds, percentile(result.microseconds, 0.5),
                percentile(result.microseconds, 0.99));
    return result.errors == 0 ? 0 : 1;
}
