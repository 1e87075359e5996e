// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <thread>

namespace luthien::bench {

/// The one JSON object a benchmark prints: {"machine":{},"rows":[],"ratios":{}}. Print each row after beginRow().
class Report
{
public:
    Report() { std::printf("{\"machine\":{\"cores\":%u},\"rows\":[", std::thread::hardware_concurrency()); }
    Report(const Report&) = delete;
    Report& operator=(const Report&) = delete;
    ~Report() { std::puts("\n],\"ratios\":{}}"); }

    void beginRow()
    {
        std::fputs(m_isFirst ? "\n" : ",\n", stdout);
        m_isFirst = false;
    }

private:
    bool m_isFirst = true;
};

} // namespace luthien::bench
