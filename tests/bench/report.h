// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <string>
#include <thread>

namespace luthien::bench {

/// The one JSON object a benchmark prints: {"machine":{},"rows":[],"ratios":{}}. Print each row after beginRow().
class Report
{
public:
    Report() { std::printf("{\"machine\":{\"cores\":%u},\"rows\":[", std::thread::hardware_concurrency()); }
    Report(const Report&) = delete;
    Report& operator=(const Report&) = delete;
    ~Report() { std::printf("\n],\"ratios\":{%s}}\n", m_ratios.c_str()); }

    void beginRow()
    {
        std::fputs(m_isFirst ? "\n" : ",\n", stdout);
        m_isFirst = false;
    }
    void addRatio(const char* name, double ratio)
    {
        char text[64];
        std::snprintf(text, sizeof text, ":%.1f", ratio);
        m_ratios += (m_ratios.empty() ? "\"" : ",\"") + std::string(name) + '"' + text;
    }

private:
    bool m_isFirst = true;
    std::string m_ratios;
};

} // namespace luthien::bench
