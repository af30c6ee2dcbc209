"""The regulation in plain Python: what a letter, a number, a register, a route and a receipt are.

Standard library only; no clock, no database, no network. Start with `letter.py`, then `route.py`, `register.py` and
`dispatch.py`. Methods decide, change and return the fact that happened (`events.py`).

Glossary (English in code, Thai on screen; the terms of the Prime Minister's Office Regulation on Saraban Work):

=====================  ==================================  ==========================================================
letter                 หนังสือราชการ                          the record itself; forms 1 to 11 of the regulation
draft                  ร่างหนังสือ                            an outgoing letter before it is issued
register, entry        ทะเบียนหนังสือรับ / ส่ง, รายการ          the legal book and a line in it (forms 13 and 14)
number, series         เลขที่หนังสือ, เลขประจำของเจ้าของเรื่อง    "นร ๑๒๐๐/๑๒๓"; owner number by unit (annex 1)
receiving stamp        ตรารับหนังสือ                          form 12: number, date, time on the page
agency, unit           ส่วนราชการ, หน่วยงาน                    a juristic person and its parts
central unit           หน่วยงานสารบรรณกลาง                    the unit that receives and sends for the agency
mailbox                ไปรษณีย์อิเล็กทรอนิกส์กลาง               the agency's central address, saraban@…
template, field        แบบ (หนังสือที่ใช้บ่อย), ฟิลด์               a document with blanks {{…}} that are asked for
connected mailbox      กล่องที่เชื่อมต่อไว้                    one of the agency's or a unit's, with settings and secret
fill level, outlook    พื้นที่ที่ใช้, คาดว่าจะเต็ม                 how full a mailbox or the disk is, and until when
examination, finding   การทดสอบกล่อง, ผลแต่ละขั้น              trying a mailbox out, step by step
route, step            เส้นทางเสนอหนังสือ, ลำดับ                who sees the letter next
endorsement            เกษียน                               what an officer writes on it
task, purpose          งานจากหนังสือรับ, เพื่อดำเนินการ…           who is to act on, advise on or know of a letter
standing order         มอบหมายล่วงหน้า                        which letters go to which unit by themselves
delegation             คำสั่งให้ทำหน้าที่แทน                   an order by which one acts for another's position
capacity               รักษาราชการแทน ปฏิบัติราชการแทน …       as what one acts for it; printed below the name (annex 3)
cosigner               ผู้ลงนามร่วม                          who signs the same page before its signatory
part-signed page       หน้าที่ลงนามแล้วบางส่วน                 a page that some have signed and others not yet
signature picture      ภาพลายเซ็น                           printed in the block of a signature, and none itself
duplicate              สำเนาคู่ฉบับ                           the marked copy that the sender keeps (clause 30)
signature, seal        ลายมือชื่อดิจิทัล, ตราประทับอิเล็กทรอนิกส์   of a person; of the agency
dispatch               การส่ง                               one letter to one agency
envelope, manifest     ซอง, บัญชีแนบซอง                       the mail; the signed list of what is in it
receipt                ใบตอบรับ                              a sealed statement of what became of a dispatch
receiver group         กลุ่มผู้รับ                            a named list that stands in a draft's receivers
reminder               การเตือนให้ลงรับ                     to a receiver that has not registered a letter
outsider               ผู้รับนอกทำเนียบ                        a receiver with nothing but a mail address
confirmation           การยืนยันของผู้รับ                       what a receiver said without a seal: link, reply, phone
outbox, inbox          กล่องออก, กล่องเข้า                    durable queues in the database
disposition            ผลการคัดกรอง                          accept, hold, discard (of a mail, as in RFC 8098)
version                ฉบับ (ประวัติฉบับ)                      a content that a draft had; saved, handed on or taken back
urgency, secrecy       ชั้นความเร็ว, ชั้นความลับ                 ด่วน ด่วนมาก ด่วนที่สุด; ลับ ลับมาก ลับที่สุด
verification code      รหัสตรวจสอบ                          on an issued page (QR); anybody may look it up
daily duty             การตรวจกล่องประจำวัน                  the mailbox opened twice a day, results looked at
journal                บันทึกเหตุการณ์                         append-only, hash-chained, one chain an agency
directory              ทำเนียบส่วนราชการ                       who exists, where their mailbox is, which seal is theirs
=====================  ==================================  ==========================================================
"""
