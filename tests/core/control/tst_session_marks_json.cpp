// SPDX-License-Identifier: Apache-2.0
#include "control/session_marks_json.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien;

class TestSessionMarksJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatIsNamed()
    {
        const auto marks = control::sessionMarksFromJson(R"({"pinned":false,"note":""})");
        QVERIFY(marks);
        QCOMPARE(marks->pinned, std::optional(false));
        QCOMPARE(marks->note, std::optional<std::string>(""));
        QVERIFY(!marks->label);
    }

    void refusesEverythingElse_data()
    {
        QTest::addColumn<QByteArray>("body");
        for (const char* body : {"", "{}", "[]", "1", R"({"pinned":"yes"})", R"({"label":null})", R"({"note":1})",
                                 R"({"pinned":true,"calls":0})", R"({"pinned":true,"pinned":false})"})
            QTest::addRow("body <%s>", body) << QByteArray(body);
    }
    void refusesEverythingElse()
    {
        QFETCH(QByteArray, body);
        const auto marks = control::sessionMarksFromJson(body.toStdString());
        QVERIFY(!marks);
        QCOMPARE(marks.error().code, ErrorCode::InvalidInput);
    }
};

LUTHIEN_TEST(tst_session_marks_json, TestSessionMarksJson)
#include "tst_session_marks_json.moc"
