// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "policy/argument_value.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::policy;

namespace {

class TestArgumentValue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsPointers()
    {
        QVERIFY(isJsonPointer("") && isJsonPointer("/a") && isJsonPointer("/a~1b/~0") && isJsonPointer("//"));
        QVERIFY(!isJsonPointer("a") && !isJsonPointer("/~") && !isJsonPointer("/~2"));
    }

    void findsAValueAsText()
    {
        const auto arguments = *parseStrictJson(R"({"a":"\u0072m","b":{"c":[1,"\u0072m"]}})");
        std::string scratch;
        const auto string = argumentValue(&arguments, {}, "/a", scratch);
        QVERIFY(string && string->isString && string->text == "rm");
        const auto list = argumentValue(&arguments, {}, "/b/c", scratch);
        QVERIFY(list && !list->isString && list->text == R"([1,"rm"])");
        QVERIFY(!argumentValue(&arguments, {}, "/b/c/2", scratch) && !argumentValue(&arguments, {}, "/x", scratch));
    }

    void freeTextHasNoParts()
    {
        std::string scratch;
        QVERIFY(argumentValue(nullptr, "rm", "", scratch)->text == "rm");
        QVERIFY(!argumentValue(nullptr, R"({"a":1})", "/a", scratch));
    }
};

} // namespace

LUTHIEN_TEST(tst_argument_value, TestArgumentValue)
#include "tst_argument_value.moc"
