// SPDX-License-Identifier: Apache-2.0
#include "runtime/price_file.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

#include <fstream>

using namespace luthien;
using namespace luthien::runtime;
using conversation::Api;

namespace {

class TestPriceFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theTableThatComesWithTheProgramIsReadable()
    {
        const auto file = loadPrices("/no such file");
        QVERIFY2(file.hasValue(), file ? "" : file.error().toString().c_str());
        QCOMPARE(file->asOf.size(), std::size_t(10));
        const auto* const haiku = file->prices.find("claude-haiku-4-5-20251001");
        QVERIFY(haiku && haiku->input == 1 && haiku->cacheWrite == 1.25);
        QVERIFY(!file->prices.find("claude-opus-9"));
        QVERIFY(file->prices.find("gpt-5.4-mini")->input < file->prices.find("gpt-5.4")->input);
    }

    void anotherFileTakesItsPlace()
    {
        const QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "prices.yaml";
        std::ofstream(path) << "as_of: 2026-01-02\nmodels:\n  - {model: 'mine*', input: 0.5, output: 2}\n";
        const auto file = loadPrices(path);
        QVERIFY(file.hasValue());
        QCOMPARE(file->asOf, std::string("2026-01-02"));
        QCOMPARE(file->prices.costOf(Api::OpenAiChat, "mine-1", {.input = 10, .output = 1}),
                 std::optional<std::int64_t>(7'000));
        QVERIFY(!file->prices.find("claude-haiku-4-5"));
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QByteArray>("where");
        QTest::newRow("no table") << QByteArray("7") << QByteArray("p:1");
        QTest::newRow("no models") << QByteArray("as_of: 2026-01-02") << QByteArray("p:1");
        QTest::newRow("another setting") << QByteArray("models: []\ncurrency: eur") << QByteArray("p:2");
        QTest::newRow("no price of output") << QByteArray("models:\n- {model: a, input: 1}") << QByteArray("p:2");
        QTest::newRow("another price") << QByteArray("models:\n- {model: a, inputs: 1}") << QByteArray("p:2");
        QTest::newRow("no number") << QByteArray("models:\n- {model: a,\n  input: x, output: 1}") << QByteArray("p:3");
        QTest::newRow("less than nothing")
            << QByteArray("models:\n- {model: a, input: -1, output: 1}") << QByteArray("p:2");
        QTest::newRow("no YAML") << QByteArray("models: [") << QByteArray("p:1");
    }
    void saysWhatIsWrong()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QByteArray, where);
        const auto file = readPrices(yaml.toStdString(), "p");
        QVERIFY(!file);
        QCOMPARE(QByteArray::fromStdString(file.error().context), where);
    }
};

} // namespace

LUTHIEN_TEST(tst_price_file, TestPriceFile)
#include "tst_price_file.moc"
