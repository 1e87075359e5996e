// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/text_diff.h"
#include "support/test_registry.h"

#include <random>

using namespace Qt::StringLiterals;
using namespace luthien::desktop;

class TestTextDiff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsWhatDiffers_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QStringList>("lines");
        QTest::newRow("the same") << u"a\nb"_s << u"a\nb"_s << QStringList{u"… 2"_s};
        QTest::newRow("a line more") << u"a\nb"_s << u"a\nx\nb"_s << QStringList{u"= a"_s, u"+ x"_s, u"= b"_s};
        QTest::newRow("a line less") << u"a\nx\nb"_s << u"a\nb"_s << QStringList{u"= a"_s, u"- x"_s, u"= b"_s};
        QTest::newRow("a word") << u"drop table t"_s << u"drop view t"_s
                                << QStringList{u"~ drop table t -> drop view t [5 5] [5 4]"_s};
        QTest::newRow("nothing before") << QString() << u"a"_s << QStringList{u"+ a"_s};
        QTest::newRow("nothing after") << u"a"_s << QString() << QStringList{u"- a"_s};
        QTest::newRow("far lines are counted")
            << u"1\n2\n3\n4\n5\nx"_s << u"1\n2\n3\n4\n5\ny"_s
            << QStringList{u"… 2"_s, u"= 3"_s, u"= 4"_s, u"= 5"_s, u"~ x -> y [0 1] [0 1]"_s};
        QTest::newRow("hidden characters are told")
            << u"a"_s << u"a\u200b"_s << QStringList{u"~ a -> a‹U+200B› [] [1 8]"_s};
    }
    void showsWhatDiffers()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QFETCH(QStringList, lines);
        QStringList shown;
        for (const DiffLine& line : diffTexts(before.toStdString(), after.toStdString()))
            shown += written(line);
        QCOMPARE(shown, lines);
    }

    /// Seeded pairs of texts: what a diff shows of each side, in order, is that side.
    void bothSidesCanBeReadFromIt()
    {
        std::mt19937 random(7);
        for (int trial = 0; trial < 300; ++trial) {
            QStringList before;
            const int count = int(random() % 40);
            for (int i = 0; i < count; ++i)
                before += QString(QChar(u'a' + int(random() % 5)));
            QStringList after = before;
            for (auto edits = random() % 10; edits > 0; --edits) {
                const qsizetype at = after.isEmpty() ? 0 : qsizetype(random()) % after.size();
                if (random() % 2 == 0 || after.isEmpty())
                    after.insert(at, QString(QChar(u'v' + int(random() % 4))));
                else
                    after.removeAt(at);
            }
            QStringList left;
            QStringList right;
            int skipped = 0;
            for (const DiffLine& line : diffTexts(before.join(u'\n').toStdString(), after.join(u'\n').toStdString())) {
                if (line.kind == DiffLine::Kind::Skipped) {
                    for (int i = 0; i < line.count; ++i, ++skipped) { // they are the same on both sides
                        left += before[left.size()];
                        right += after[right.size()];
                    }
                    continue;
                }
                if (line.kind != DiffLine::Kind::Added)
                    left += line.before;
                if (line.kind != DiffLine::Kind::Removed)
                    right += line.after;
            }
            QCOMPARE(left, before);
            QCOMPARE(right, after);
        }
    }

    void textsWithNothingInCommonStayCheap()
    {
        QByteArray before;
        QByteArray after;
        for (int i = 0; i < 20'000; ++i) {
            before += "before " + QByteArray::number(i) + '\n';
            after += "after " + QByteArray::number(i) + '\n';
        }
        const auto lines = diffTexts(before.toStdString(), after.toStdString());
        QVERIFY(lines.size() <= 2'002);
        QCOMPARE(lines.back().kind, DiffLine::Kind::Skipped);
    }

private:
    static QString written(const DiffLine& line)
    {
        const auto list = [](const QList<int>& marks) {
            QStringList numbers;
            for (const int mark : marks)
                numbers += QString::number(mark);
            return u" ["_s + numbers.join(u' ') + u']';
        };
        switch (line.kind) {
        case DiffLine::Kind::Same:
            return u"= "_s + line.before;
        case DiffLine::Kind::Removed:
            return u"- "_s + line.before;
        case DiffLine::Kind::Added:
            return u"+ "_s + line.after;
        case DiffLine::Kind::Skipped:
            return u"… "_s + QString::number(line.count);
        case DiffLine::Kind::Changed:
            break;
        }
        return u"~ "_s + line.before + u" -> "_s + line.after + list(line.beforeMarks) + list(line.afterMarks);
    }
};

LUTHIEN_TEST(tst_text_diff, TestTextDiff)
#include "tst_text_diff.moc"
