// SPDX-License-Identifier: Apache-2.0
#include "store/next_segment.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace luthien;
using namespace luthien::store;

namespace {
constexpr std::uint64_t kBytes = 4096;
constexpr std::string_view kSteps = "WLrk"; // the worker takes one, or a larger one; the writer reserves, or keeps
constexpr int kMostSteps = 5;

/// Worker and writer as the journal lets them run, step by step.
struct Steps
{
    std::filesystem::path path;
    int producer = 0;
    NextSegment next{0};
    std::optional<std::uint64_t> reserved; ///< by the writer, who makes one spare at a time
    std::vector<std::uint64_t> begun;      ///< by the worker

    /// False = the step cannot come now.
    [[nodiscard]] bool run(char step)
    {
        if (step == 'W' || step == 'L') {
            const auto taken = next.take(step == 'L' ? 2 * kBytes : kBytes);
            begun.push_back(taken.spare ? taken.spare->name().number : taken.number);
            return true;
        }
        if ((step == 'k') != reserved.has_value())
            return false;
        if (step == 'r')
            return (reserved = next.reserve()).has_value();
        next.keep(*Segment::create(path, {producer, *reserved}, kBytes));
        reserved.reset();
        return true;
    }
};
} // namespace

class TestNextSegment : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSpareIsMadeOnceAndUsed();
    void aSpareThatCameTooLateGoes();
    void aSpareThatIsTooSmallGoes();
    void filesAreBegunInTheOrderOfTheirNumbers();
};

void TestNextSegment::aSpareIsMadeOnceAndUsed()
{
    const QTemporaryDir directory;
    Steps steps{.path = directory.path().toStdString()};
    QVERIFY(steps.run('r') && steps.run('k'));
    QVERIFY(!steps.next.reserve());
    const auto taken = steps.next.take(kBytes);
    QVERIFY(taken.spare && taken.spare->name().number == 0);
    QVERIFY(!steps.next.take(kBytes).spare);
    QVERIFY(steps.next.reserve() == std::optional<std::uint64_t>(2));
}

void TestNextSegment::aSpareThatCameTooLateGoes()
{
    const QTemporaryDir directory;
    Steps steps{.path = directory.path().toStdString()};
    for (const char step : {'r', 'W', 'k', 'W'})
        QVERIFY(steps.run(step));
    QCOMPARE(steps.begun, (std::vector<std::uint64_t>{1, 2}));
    QVERIFY(std::filesystem::is_empty(steps.path));
}

void TestNextSegment::aSpareThatIsTooSmallGoes()
{
    const QTemporaryDir directory;
    Steps steps{.path = directory.path().toStdString()};
    for (const char step : {'r', 'k', 'L'})
        QVERIFY(steps.run(step));
    QCOMPARE(steps.begun, std::vector<std::uint64_t>{1});
    QVERIFY(std::filesystem::is_empty(steps.path));
}

void TestNextSegment::filesAreBegunInTheOrderOfTheirNumbers()
{
    const QTemporaryDir directory;
    int possible = 0;
    for (int code = 0; code < 1 << (2 * kMostSteps); ++code) { // every row of steps
        Steps steps{.path = directory.path().toStdString(), .producer = code};
        std::string row;
        for (int i = 0; i < kMostSteps; ++i)
            row += kSteps[static_cast<std::size_t>(code >> (2 * i) & 3)];
        if (!std::ranges::all_of(row, [&](char step) { return steps.run(step); }))
            continue;
        ++possible;
        const bool ascends = std::ranges::adjacent_find(steps.begun, std::ranges::greater_equal()) == steps.begun.end();
        QVERIFY2(ascends, row.c_str());
    }
    QVERIFY(possible > 100);
}

LUTHIEN_TEST(tst_next_segment, TestNextSegment)
#include "tst_next_segment.moc"
