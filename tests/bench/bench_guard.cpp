// SPDX-License-Identifier: Apache-2.0
// Times findDestructiveSql on 4 KiB arguments of several kinds; prints one JSON line a kind. Run with the data folder.
#include "guard/destructive_sql.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

using luthien::guard::Source;
constexpr std::size_t kArgumentBytes = 4096;
constexpr int kRounds = 20;

std::string load(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The text cut into arguments of 4 KiB, at line ends where there are some.
std::vector<std::string> arguments(const std::string& text)
{
    std::vector<std::string> result;
    for (std::size_t at = 0; at + kArgumentBytes < text.size();) {
        const std::size_t end = text.rfind('\n', at + kArgumentBytes);
        const std::size_t next = end == std::string::npos || end <= at ? at + kArgumentBytes : end + 1;
        result.push_back(text.substr(at, next - at));
        at = next;
    }
    return result;
}

std::string repeated(std::string_view head, std::string_view piece)
{
    std::string text(head);
    while (text.size() + piece.size() <= kArgumentBytes)
        text += piece;
    return text;
}

void measure(const char* kind, const std::vector<std::string>& texts, Source source)
{
    std::vector<double> microseconds;
    std::size_t findings = 0;
    for (int round = 0; round < kRounds; ++round) {
        for (const std::string& text : texts) {
            const auto start = std::chrono::steady_clock::now();
            findings += luthien::guard::findDestructiveSql(text, source).size();
            const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
            microseconds.push_back(took.count());
        }
    }
    if (microseconds.empty())
        return;
    std::sort(microseconds.begin(), microseconds.end());
    const auto at = [&](double part) {
        return microseconds[static_cast<std::size_t>(part * double(microseconds.size() - 1))];
    };
    std::printf("{\"kind\":\"%s\",\"samples\":%zu,\"findings\":%zu,\"p50_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f}\n",
                kind, microseconds.size(), findings, at(0.5), at(0.99), microseconds.back());
}

} // namespace

int main(int argumentCount, char** values)
{
    if (argumentCount != 2) {
        std::fprintf(stderr, "usage: bench_guard tests/data/guard\n");
        return 2;
    }
    const std::string data = values[1];
    measure("SELECTs", arguments(load(data + "/sql/spider_select_half.txt")), Source::Sql);
    measure("regression SQL", arguments(load(data + "/sql/postgres_regress/with.sql")), Source::Sql);
    measure("shell commands", arguments(load(data + "/shell/nl2bash_benign_odd_lines.txt")), Source::Shell);
    measure("unknown text", arguments(load(data + "/shell/nl2bash_benign_odd_lines.txt")), Source::Unknown);
    measure("one long UPDATE", {repeated("UPDATE t SET a = 1 WHERE ", "a = 1 AND ")}, Source::Sql);
    measure("many DELETEs", {repeated("", "DELETE FROM t; ")}, Source::Sql);
    measure("every quirk", {repeated("/*! */ # $ [ ` \\ -- x || ", "DROP TABLE t -- x\n;")}, Source::Sql);
    measure("here-document", {repeated("psql <<E\n", "INSERT INTO t VALUES (1, 'a');\n") + "E\n"}, Source::Shell);
    return 0;
}
