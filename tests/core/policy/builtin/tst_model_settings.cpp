// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "policy/builtin/model_settings.h"
#include "scripted_inference.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::policy;
using namespace std::chrono_literals;
using builtin::ModelSettings;
using builtin::readModelSettings;

namespace {

class TestModelSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatIsThereAndKeepsWhatIsUsual()
    {
        const auto config = parseStrictJson(
            R"({"upstream":"u","model":"m","instructions":"i","temperature":1,"max_tokens":7,"timeout":"3s","retries":0})");
        ObjectReader reader(config->get_object());
        const ModelSettings settings = readModelSettings(reader, {});
        QVERIFY(reader.finish());
        const builtin::test::PolicyWorld world("noop", "{}");
        const InferenceRequest request = settings.request(world.context);
        QVERIFY(request.upstream == "u" && request.model == "m" && request.policyId == "p");
        QVERIFY(request.temperature == 1 && request.maxTokens == 7 && request.timeout == 3s);
        QVERIFY(settings.instructions == "i" && settings.plan.retries == 0);

        const auto empty = parseStrictJson(R"({"instructions":""})");
        ObjectReader other(empty->get_object());
        const ModelSettings usual = readModelSettings(other, {.instructions = "usual", .maxTokens = 9});
        QVERIFY(other.finish());
        QVERIFY(usual.instructions == "usual" && usual.maxTokens == 9 && usual.plan.retries == 2);
    }

    void refusesWhatWillNotDo_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("where");
        const auto row = [](const char* name, const char* config, const char* where) {
            QTest::newRow(name) << QByteArray(config) << QByteArray(where);
        };
        row("no upstream", R"({"upstream":""})", "upstream");
        row("no model", R"({"model":""})", "model");
        row("no tokens", R"({"max_tokens":0})", "max_tokens");
        row("no time", R"({"timeout":"0s"})", "timeout");
        row("too much time", R"({"timeout":"1h"})", "timeout");
        row("too many repeats", R"({"retries":11})", "retries");
        row("too hot", R"({"temperature":3})", "temperature");
    }
    void refusesWhatWillNotDo()
    {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, where);
        const auto parsed = parseStrictJson(config.toStdString());
        ObjectReader reader(parsed->get_object());
        (void)readModelSettings(reader, {});
        QCOMPARE(QByteArray::fromStdString(reader.finish().error().context), where);
    }
};

} // namespace

LUTHIEN_TEST(tst_model_settings, TestModelSettings)
#include "tst_model_settings.moc"
